-- A login, a change with its old and new values, a failure of nobody known, and a deed of the server's own.
insert into public.activity_log (
    id, user_id, username, action, resource_type, resource_id, changes, metadata, ip_address, user_agent, success,
    error_message
)
values
    ('00000000-0000-0000-0014-000000000001', '00000000-0000-0000-0001-000000000001', 'ada', 'user.login', null, null,
     null, null, '192.0.2.10', 'Mozilla/5.0', true, null),
    ('00000000-0000-0000-0014-000000000002', '00000000-0000-0000-0001-000000000001', 'ada', 'settings.update',
     'setting', '00000000-0000-0000-0099-000000000001', '{"ui.page_size": {"old": 25, "new": 50}}',
     '{"source": "web"}', '192.0.2.10', 'Mozilla/5.0', null, null),
    ('00000000-0000-0000-0014-000000000003', null, null, 'user.login', 'user', null, null, null, '2001:db8::2', null,
     false, 'unknown user'),
    ('00000000-0000-0000-0014-000000000004', null, null, 'library.scan', 'library', null, null, null, null, null, true,
     null);
