-- Drop public.mfa_backup_codes with its keys, check and indexes.
drop table if exists public.mfa_backup_codes;
