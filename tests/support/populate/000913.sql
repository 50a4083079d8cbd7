-- A PIN that is locked and one that is not; an open grant, a revoked one and an expired one.
insert into qar.access_pins (user_id, pin_hash, failed_attempts, locked_until)
values
    ('00000000-0000-0000-0001-000000000001', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', 5,
     '2030-01-01 00:00+00'),
    ('00000000-0000-0000-0001-000000000002', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdB$aGFzaB', 0, null);
insert into qar.access_grants (user_id, session_id, granted_at, expires_at, revoked_at)
values
    ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0005-000000000001', '2024-05-01 08:00+00',
     '2030-01-01 00:00+00', null),
    ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0005-000000000001', '2024-05-01 07:00+00',
     '2030-01-01 00:00+00', '2024-05-01 07:30+00'),
    ('00000000-0000-0000-0001-000000000002', '00000000-0000-0000-0005-000000000002', '2024-01-04 00:00+00',
     '2024-01-04 01:00+00', null);
