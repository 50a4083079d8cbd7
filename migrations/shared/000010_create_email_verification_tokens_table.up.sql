-- Create shared.email_verification_tokens: hashed tokens that confirm one mail address once.
create table if not exists shared.email_verification_tokens (
    id          uuid         not null default gen_random_uuid(),
    user_id     uuid         not null,
    token_hash  text         not null,
    email       varchar(255) not null,
    ip_address  inet,
    user_agent  text,
    expires_at  timestamptz  not null,
    verified_at timestamptz,
    created_at  timestamptz  not null default now(),

    constraint email_verification_tokens_pkey primary key (id),
    constraint email_verification_tokens_token_hash_key unique (token_hash),
    constraint email_verification_tokens_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_email_verification_tokens_user_id
    on shared.email_verification_tokens (user_id) where verified_at is null;
create index idx_email_verification_tokens_token_hash
    on shared.email_verification_tokens (token_hash) where verified_at is null;
create index idx_email_verification_tokens_email
    on shared.email_verification_tokens (email) where verified_at is null;
create index idx_email_verification_tokens_expires_at
    on shared.email_verification_tokens (expires_at) where verified_at is null;
