-- Create shared.password_reset_tokens: hashed tokens that reset a password once.
create table if not exists shared.password_reset_tokens (
    id         uuid        not null default gen_random_uuid(),
    user_id    uuid        not null,
    token_hash text        not null,
    ip_address inet,
    user_agent text,
    expires_at timestamptz not null,
    used_at    timestamptz,
    created_at timestamptz not null default now(),

    constraint password_reset_tokens_pkey primary key (id),
    constraint password_reset_tokens_token_hash_key unique (token_hash),
    constraint password_reset_tokens_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_password_reset_tokens_user_id
    on shared.password_reset_tokens (user_id) where used_at is null;
create index idx_password_reset_tokens_token_hash
    on shared.password_reset_tokens (token_hash) where used_at is null;
create index idx_password_reset_tokens_expires_at
    on shared.password_reset_tokens (expires_at) where used_at is null;
