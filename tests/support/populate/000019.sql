-- One user with every second factor, one at the defaults.
insert into public.user_mfa_settings (
    user_id, totp_enabled, webauthn_enabled, backup_codes_generated, require_mfa, remember_device_enabled,
    remember_device_duration_days, trusted_devices
)
values ('00000000-0000-0000-0001-000000000001', true, true, true, true, false, 1, '["fp-1", "fp-2"]');

insert into public.user_mfa_settings (user_id)
values ('00000000-0000-0000-0001-000000000002');
