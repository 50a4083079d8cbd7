-- Drop the last used code of public.user_totp_secrets.
alter table if exists public.user_totp_secrets
    drop column if exists last_used_code;
