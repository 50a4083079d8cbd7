-- Create shared.sessions: login sessions, found by the hash of their token.
create table if not exists shared.sessions (
    id                 uuid        not null default gen_random_uuid(),
    user_id            uuid        not null,
    token_hash         text        not null,
    refresh_token_hash text,
    ip_address         inet,
    user_agent         text,
    device_name        varchar(255),
    scopes             text[]      default '{}',
    expires_at         timestamptz not null,
    last_activity_at   timestamptz not null default now(),
    created_at         timestamptz not null default now(),
    revoked_at         timestamptz,
    revoke_reason      text,

    constraint sessions_pkey primary key (id),
    constraint sessions_token_hash_key unique (token_hash),
    constraint sessions_refresh_token_hash_key unique (refresh_token_hash),
    constraint sessions_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_sessions_user_id on shared.sessions (user_id) where revoked_at is null;
create index idx_sessions_token_hash on shared.sessions (token_hash) where revoked_at is null;
create index idx_sessions_expires_at on shared.sessions (expires_at) where revoked_at is null;
create index idx_sessions_last_activity on shared.sessions (last_activity_at desc);
