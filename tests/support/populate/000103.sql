-- The new columns filled, where the version has any.
update public.user_totp_secrets set last_used_code = '0123456789';
