-- Create shared.user_settings: typed key/value configuration of each user.
create table if not exists shared.user_settings (
    user_id     uuid         not null,
    key         varchar(255) not null,
    value       jsonb        not null,
    description text,
    category    varchar(100),
    data_type   varchar(50)  not null,
    created_at  timestamptz  not null default now(),
    updated_at  timestamptz  not null default now(),

    constraint user_settings_pkey primary key (user_id, key),
    constraint user_settings_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_user_settings_user_id on shared.user_settings (user_id);
create index idx_user_settings_category on shared.user_settings (user_id, category);
create index idx_user_settings_updated_at on shared.user_settings (updated_at desc);
