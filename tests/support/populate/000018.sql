-- A recovery code that is left and one that was used.
insert into public.mfa_backup_codes (id, user_id, code_hash, used_at, used_from_ip)
values
    ('00000000-0000-0000-0018-000000000001', '00000000-0000-0000-0001-000000000001', '$argon2id$1', null, null),
    ('00000000-0000-0000-0018-000000000002', '00000000-0000-0000-0001-000000000001', '$argon2id$2',
     '2024-04-01 00:00+00', '192.0.2.10');
