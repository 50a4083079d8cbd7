-- An open verification token, and a used one for an address the user has since left.
insert into shared.email_verification_tokens (
    id, user_id, token_hash, email, ip_address, user_agent, expires_at, verified_at
)
values
    ('00000000-0000-0000-0009-000000000001', '00000000-0000-0000-0001-000000000002', repeat('e1', 32),
     'zoe@example.org', '192.0.2.12', 'Mozilla/5.0', '2030-01-01 00:00+00', null),
    ('00000000-0000-0000-0009-000000000002', '00000000-0000-0000-0001-000000000001', repeat('e2', 32),
     'ada@old.example.org', null, null, '2024-01-01 00:00+00', '2023-12-31 23:00+00');
