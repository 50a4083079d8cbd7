-- Create shared.api_keys: hashed keys with which programs act for a user.
create table if not exists shared.api_keys (
    id           uuid         not null default gen_random_uuid(),
    user_id      uuid         not null,
    name         varchar(255) not null,
    description  text,
    key_hash     varchar(64)  not null,
    key_prefix   varchar(16)  not null,
    scopes       text[]       not null default '{}',
    is_active    boolean      not null default true,
    expires_at   timestamptz,
    last_used_at timestamptz,
    created_at   timestamptz  not null default now(),
    updated_at   timestamptz  not null default now(),

    constraint api_keys_pkey primary key (id),
    constraint api_keys_key_hash_key unique (key_hash),
    constraint api_keys_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_api_keys_user_id on shared.api_keys (user_id);
create index idx_api_keys_key_hash on shared.api_keys (key_hash) where is_active = true;
create index idx_api_keys_key_prefix on shared.api_keys (key_prefix);
create index idx_api_keys_expires_at on shared.api_keys (expires_at)
    where expires_at is not null and is_active = true;
