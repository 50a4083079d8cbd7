-- Entries that say everything, the least, and no.
insert into qar.access_log (
    user_id, session_id, action, resource_type, resource_id, allowed, reason, ip_address, user_agent
)
values
    ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0005-000000000001', 'view', 'voyage',
     '00000000-0000-0000-0906-000000000001', true, null, '192.0.2.10', 'Mozilla/5.0'),
    ('00000000-0000-0000-0001-000000000002', '00000000-0000-0000-0005-000000000002', 'view', 'voyage',
     '00000000-0000-0000-0906-000000000001', false, 'locked', '2001:db8::/32', null),
    (null, null, 'unlock', null, null, false, null, null, null);
