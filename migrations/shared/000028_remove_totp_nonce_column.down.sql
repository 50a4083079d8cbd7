-- Give public.user_totp_secrets its nonce column again, taken from the first 12 bytes of each secret.
alter table public.user_totp_secrets add column nonce bytea;

-- A secret shorter than 12 bytes cannot be a real ciphertext (nonce, text and tag take at least 28),
-- but nothing forbids storing one, and the 12-byte check would then refuse the whole rollback. Such a
-- nonce is filled up with zero bytes. The secret itself stays untouched, so no data is lost and a
-- later up finds the row as it left it.
update public.user_totp_secrets
set nonce = substring(encrypted_secret || decode(repeat('00', 12), 'hex') from 1 for 12);

alter table public.user_totp_secrets
    alter column nonce set not null,
    add constraint nonce_correct_size check (octet_length(nonce) = 12);
