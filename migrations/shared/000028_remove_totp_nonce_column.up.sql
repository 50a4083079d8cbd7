-- Drop the nonce of public.user_totp_secrets: since this version it is the first 12 bytes of the secret.
-- Ciphertexts are not rewritten here. They must carry their nonce as prefix already.
alter table public.user_totp_secrets drop constraint nonce_correct_size;
alter table public.user_totp_secrets drop column nonce;
