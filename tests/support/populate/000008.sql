-- A refresh token in use, a bare access token, and a revoked one.
insert into shared.auth_tokens (
    id, user_id, token_hash, token_type, device_name, device_fingerprint, ip_address, user_agent, expires_at,
    revoked_at, last_used_at
)
values
    ('00000000-0000-0000-0007-000000000001', '00000000-0000-0000-0001-000000000001', repeat('c1', 32), 'refresh',
     'Phone', 'fp-1', '192.0.2.11', 'App/1.0', '2030-01-01 00:00+00', null, '2024-05-01 08:00+00'),
    ('00000000-0000-0000-0007-000000000002', '00000000-0000-0000-0001-000000000002', repeat('c2', 32), 'access',
     null, null, null, null, '2030-01-01 00:00+00', null, null),
    ('00000000-0000-0000-0007-000000000003', '00000000-0000-0000-0001-000000000002', repeat('c3', 32), 'refresh',
     null, 'fp-3', null, null, '2024-01-01 00:00+00', '2023-12-31 00:00+00', null);
