-- Create qar.access_log: who asked for what, and whether it was allowed.
create table qar.access_log (
    id            bigint      not null generated always as identity,
    user_id       uuid,
    -- No foreign key: the entry outlives the session.
    session_id    uuid,
    action        varchar(50) not null,
    resource_type varchar(30),
    resource_id   uuid,
    allowed       boolean     not null,
    reason        varchar(50),
    ip_address    inet,
    user_agent    text,
    created_at    timestamptz not null default now(),

    constraint access_log_pkey primary key (id),
    constraint access_log_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete set null
);

create index idx_access_log_created on qar.access_log (created_at desc);
create index idx_access_log_denied on qar.access_log (created_at desc) where not allowed;
create index idx_access_log_resource on qar.access_log (resource_type, resource_id, created_at desc);
create index idx_access_log_user on qar.access_log (user_id, created_at desc);
