-- Create shared.users: accounts with login identity, profile, status flags and soft delete.
create table if not exists shared.users (
    id                uuid         not null default gen_random_uuid(),
    username          varchar(255) not null,
    email             varchar(255) not null,
    password_hash     text         not null,
    display_name      varchar(255),
    avatar_url        text,
    locale            varchar(10)  default 'en-US',
    timezone          varchar(50)  default 'UTC',
    qar_enabled       boolean      default false,
    is_active         boolean      default true,
    is_admin          boolean      default false,
    email_verified    boolean      default false,
    email_verified_at timestamptz,
    created_at        timestamptz  not null default now(),
    updated_at        timestamptz  not null default now(),
    last_login_at     timestamptz,
    deleted_at        timestamptz,

    constraint users_pkey primary key (id),
    -- Both hold for deleted accounts too: a name or an address is not given out twice.
    constraint users_username_key unique (username),
    constraint users_email_key unique (email)
);

create index idx_users_username on shared.users (username) where deleted_at is null;
create index idx_users_email on shared.users (email) where deleted_at is null;
create index idx_users_active on shared.users (is_active) where deleted_at is null;
create index idx_users_created_at on shared.users (created_at desc);
