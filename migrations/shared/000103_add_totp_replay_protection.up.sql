-- Remember in public.user_totp_secrets the code that was used last, so that nobody uses it again.
-- quartermaster: formerly 39
alter table public.user_totp_secrets
    add column last_used_code varchar(10);
