-- Drop the nonce of public.user_totp_secrets: since this version it is the first 12 bytes of the secret.
-- Ciphertexts are not rewritten here. They must carry their nonce as prefix already.
-- quartermaster: allow removes-data: part of the base schema, which is there before the application first runs
alter table public.user_totp_secrets drop constraint nonce_correct_size;
alter table public.user_totp_secrets drop column nonce;
