-- Drop public.webauthn_credentials with its keys, checks and indexes.
drop table if exists public.webauthn_credentials;
