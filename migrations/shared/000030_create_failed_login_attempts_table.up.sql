-- Create shared.failed_login_attempts: what lockout and rate limits count.
create table if not exists shared.failed_login_attempts (
    id           uuid        not null default gen_random_uuid(),
    username     text        not null,
    -- Text, where every other address column is inet: the type this table has always had.
    ip_address   text        not null,
    attempted_at timestamptz not null default now(),
    created_at   timestamptz not null default now(),

    constraint failed_login_attempts_pkey primary key (id)
);

create index idx_failed_login_username on shared.failed_login_attempts (username, attempted_at desc);
create index idx_failed_login_ip on shared.failed_login_attempts (ip_address, attempted_at desc);
