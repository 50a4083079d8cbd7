-- Create shared.auth_tokens: hashed refresh tokens and the devices they were given to.
create table if not exists shared.auth_tokens (
    id                 uuid        not null default gen_random_uuid(),
    user_id            uuid        not null,
    token_hash         text        not null,
    token_type         varchar(20) not null default 'refresh',
    device_name        varchar(255),
    device_fingerprint text,
    ip_address         inet,
    user_agent         text,
    expires_at         timestamptz not null,
    revoked_at         timestamptz,
    last_used_at       timestamptz,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),

    constraint auth_tokens_pkey primary key (id),
    constraint auth_tokens_token_hash_key unique (token_hash),
    constraint auth_tokens_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_auth_tokens_user_id on shared.auth_tokens (user_id) where revoked_at is null;
create index idx_auth_tokens_token_hash on shared.auth_tokens (token_hash) where revoked_at is null;
create index idx_auth_tokens_expires_at on shared.auth_tokens (expires_at) where revoked_at is null;
create index idx_auth_tokens_device on shared.auth_tokens (user_id, device_fingerprint) where revoked_at is null;
