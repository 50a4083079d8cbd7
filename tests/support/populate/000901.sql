-- A fleet of each type, one with an owner; scans in every state, one of them running.
insert into qar.fleets (id, name, fleet_type, paths, enabled, fingerprint_on_scan, owner_user_id)
values
    ('00000000-0000-0000-0901-000000000001', 'Full-length', 'expedition', '{/srv/a,"/srv/b c"}', true, true,
     '00000000-0000-0000-0001-000000000001'),
    ('00000000-0000-0000-0901-000000000002', 'Scenes', 'voyage', '{}', false, false, null),
    ('00000000-0000-0000-0901-000000000003', 'Galerien "ü"', 'treasure', '{/srv/g}', true, true,
     '00000000-0000-0000-0001-000000000002');

insert into qar.fleet_scans (fleet_id, status, items_found, error_message, started_at, finished_at)
values
    ('00000000-0000-0000-0901-000000000001', 'pending', 0, null, null, null),
    ('00000000-0000-0000-0901-000000000001', 'running', 7, null, '2024-05-01 03:00+00', null),
    ('00000000-0000-0000-0901-000000000001', 'completed', 9, null, '2024-05-01 01:00+00', '2024-05-01 02:00+00'),
    ('00000000-0000-0000-0901-000000000002', 'failed', 0, 'no such directory', '2024-05-01 01:00+00',
     '2024-05-01 01:00+00'),
    ('00000000-0000-0000-0901-000000000002', 'cancelled', 1, null, null, '2024-05-01 01:00+00');
