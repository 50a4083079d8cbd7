-- Drop public.user_mfa_settings with its keys, checks and indexes.
drop table if exists public.user_mfa_settings;
