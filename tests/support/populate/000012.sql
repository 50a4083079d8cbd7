-- A key with scopes and an end, and one that is switched off.
insert into shared.api_keys (
    id, user_id, name, description, key_hash, key_prefix, scopes, is_active, expires_at, last_used_at
)
values
    ('00000000-0000-0000-0010-000000000001', '00000000-0000-0000-0001-000000000001', 'backup', 'Nightly export',
     repeat('f1', 32), 'qm_f1f1', '{read,write}', true, '2030-01-01 00:00+00', '2024-05-01 03:00+00'),
    ('00000000-0000-0000-0010-000000000002', '00000000-0000-0000-0001-000000000002', 'old', null,
     repeat('f2', 32), 'qm_f2f2', '{}', false, null, null);
