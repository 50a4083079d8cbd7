-- Create public.user_totp_secrets: the encrypted secret of a user's one-time-password generator.
create table if not exists public.user_totp_secrets (
    user_id          uuid        not null,
    encrypted_secret bytea       not null,
    nonce            bytea       not null,
    verified_at      timestamptz,
    enabled          boolean     not null default false,
    last_used_at     timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint user_totp_secrets_pkey primary key (user_id),
    constraint user_totp_secrets_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint secret_not_empty check (octet_length(encrypted_secret) > 0),
    -- AES-256-GCM takes a nonce of 96 bits.
    constraint nonce_correct_size check (octet_length(nonce) = 12)
);

create index idx_totp_secrets_user_enabled on public.user_totp_secrets (user_id) where enabled = true;
create index idx_totp_secrets_last_used on public.user_totp_secrets (last_used_at desc)
    where last_used_at is not null;
