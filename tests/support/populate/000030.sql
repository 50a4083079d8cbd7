-- Failed logins of a known name and of one that is neither a name nor an address.
insert into shared.failed_login_attempts (id, username, ip_address, attempted_at)
values
    ('00000000-0000-0000-0026-000000000001', 'ada', '192.0.2.66', '2024-05-01 06:00+00'),
    ('00000000-0000-0000-0026-000000000002', 'ada', '192.0.2.66', '2024-05-01 06:01+00'),
    ('00000000-0000-0000-0026-000000000003', ''' or 1=1 --', 'unknown', '2024-05-01 06:02+00');
