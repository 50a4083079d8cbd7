-- An active session, a bare one, and one that was revoked.
insert into shared.sessions (
    id, user_id, token_hash, refresh_token_hash, ip_address, user_agent, device_name, scopes, expires_at,
    last_activity_at, created_at, revoked_at, revoke_reason
)
values
    ('00000000-0000-0000-0005-000000000001', '00000000-0000-0000-0001-000000000001', repeat('a1', 32), repeat('b1', 32),
     '192.0.2.10', 'Mozilla/5.0', 'Living room', '{legacy:read,library:read}', '2030-01-01 00:00+00',
     '2024-05-01 08:00+00', '2024-05-01 07:00+00', null, null),
    ('00000000-0000-0000-0005-000000000002', '00000000-0000-0000-0001-000000000002', repeat('a2', 32), null,
     null, null, null, null, '2024-01-05 00:00+00', '2024-01-04 00:00+00', '2024-01-04 00:00+00', null, null),
    ('00000000-0000-0000-0005-000000000003', '00000000-0000-0000-0001-000000000001', repeat('a3', 32), repeat('b3', 32),
     '2001:db8::1', 'curl/8.0', 'Script', '{}', '2030-01-01 00:00+00', '2024-05-02 08:00+00',
     '2024-05-02 07:00+00', '2024-05-02 09:00+00', 'logged out elsewhere');
