-- Create public.user_mfa_settings: which second factors a user has and when they are asked for.
create table if not exists public.user_mfa_settings (
    user_id                       uuid        not null,
    totp_enabled                  boolean     not null default false,
    webauthn_enabled              boolean     not null default false,
    backup_codes_generated        boolean     not null default false,
    require_mfa                   boolean     not null default false,
    remember_device_enabled       boolean     not null default true,
    remember_device_duration_days integer     not null default 30,
    trusted_devices               jsonb       not null default '[]',
    created_at                    timestamptz not null default now(),
    updated_at                    timestamptz not null default now(),

    constraint user_mfa_settings_pkey primary key (user_id),
    constraint user_mfa_settings_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint remember_duration_positive check (remember_device_duration_days > 0),
    constraint trusted_devices_is_array check (jsonb_typeof(trusted_devices) = 'array')
);

create index idx_mfa_settings_totp_enabled on public.user_mfa_settings (user_id) where totp_enabled = true;
create index idx_mfa_settings_webauthn_enabled on public.user_mfa_settings (user_id) where webauthn_enabled = true;
create index idx_mfa_settings_require_mfa on public.user_mfa_settings (user_id) where require_mfa = true;
