-- Create shared.user_avatars: every avatar file a user has had, at most one of them current.
create table if not exists shared.user_avatars (
    id                       uuid         not null default gen_random_uuid(),
    user_id                  uuid         not null,
    file_path                text         not null,
    file_size_bytes          bigint       not null,
    mime_type                varchar(100) not null,
    width                    integer      not null,
    height                   integer      not null,
    is_animated              boolean      default false,
    version                  integer      not null default 1,
    is_current               boolean      default true,
    uploaded_at              timestamptz  not null default now(),
    uploaded_from_ip         inet,
    uploaded_from_user_agent text,
    created_at               timestamptz  not null default now(),
    updated_at               timestamptz  not null default now(),
    deleted_at               timestamptz,

    constraint user_avatars_pkey primary key (id),
    constraint user_avatars_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_user_avatars_user_id on shared.user_avatars (user_id) where deleted_at is null;
create index idx_user_avatars_current on shared.user_avatars (user_id, is_current) where deleted_at is null;
create index idx_user_avatars_version on shared.user_avatars (user_id, version desc) where deleted_at is null;
create index idx_user_avatars_uploaded_at on shared.user_avatars (uploaded_at desc);
create unique index idx_user_avatars_unique_current on shared.user_avatars (user_id)
    where is_current = true and deleted_at is null;
