-- Secrets of 1, 5 and 12 bytes, stored when there was no nonce column to tell them apart from real ones.
insert into public.user_totp_secrets (user_id, encrypted_secret, enabled)
values
    ('00000000-0000-0000-0001-000000000004', '\x07', false),
    ('00000000-0000-0000-0001-000000000005', '\x0011223344', true),
    ('00000000-0000-0000-0001-000000000006', '\xfffefdfcfbfaf9f8f7f6f5f4', false)
on conflict (user_id) do nothing;
