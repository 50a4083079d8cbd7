-- Drop public.user_totp_secrets with its keys, checks and indexes.
drop table if exists public.user_totp_secrets;
