-- An open reset token and a used one.
insert into shared.password_reset_tokens (id, user_id, token_hash, ip_address, user_agent, expires_at, used_at)
values
    ('00000000-0000-0000-0008-000000000001', '00000000-0000-0000-0001-000000000001', repeat('d1', 32),
     '192.0.2.10', 'Mozilla/5.0', '2030-01-01 00:00+00', null),
    ('00000000-0000-0000-0008-000000000002', '00000000-0000-0000-0001-000000000002', repeat('d2', 32),
     null, null, '2024-01-01 00:00+00', '2023-12-31 23:00+00');
