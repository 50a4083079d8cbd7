-- Remember in public.user_totp_secrets the code that was used last, so that nobody uses it again.
alter table public.user_totp_secrets
    add column last_used_code varchar(10);
