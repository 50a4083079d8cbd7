-- Create public.activity_log: the audit log, which outlives the users it speaks of.
create table if not exists public.activity_log (
    id            uuid         not null default gen_random_uuid(),
    user_id       uuid,
    username      varchar(255),
    action        varchar(100) not null,
    resource_type varchar(50),
    resource_id   uuid,
    changes       jsonb,
    metadata      jsonb,
    ip_address    inet,
    user_agent    text,
    success       boolean      default true,
    error_message text,
    created_at    timestamptz  not null default now(),

    constraint activity_log_pkey primary key (id),
    constraint activity_log_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete set null
);

create index idx_activity_log_user on public.activity_log (user_id, created_at desc);
create index idx_activity_log_action on public.activity_log (action, created_at desc);
create index idx_activity_log_resource on public.activity_log (resource_type, resource_id);
create index idx_activity_log_created on public.activity_log (created_at desc);
create index idx_activity_log_ip on public.activity_log (ip_address, created_at desc);
create index idx_activity_log_success on public.activity_log (success, created_at desc) where success = false;
