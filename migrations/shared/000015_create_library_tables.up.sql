-- Create the library tables: media libraries, their scan jobs, and grants to users.
create function public.update_libraries_updated_at() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;

create table if not exists public.libraries (
    id                  uuid        not null default gen_random_uuid(),
    name                text        not null,
    type                varchar(50) not null,
    paths               text[]      not null default '{}',
    enabled             boolean     not null default true,
    scan_on_startup     boolean     not null default false,
    realtime_monitoring boolean     not null default true,
    metadata_provider   varchar(50),
    preferred_language  varchar(10) not null default 'en',
    scanner_config      jsonb,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),

    constraint libraries_pkey primary key (id)
);

create index if not exists idx_libraries_name on public.libraries (name);
create index if not exists idx_libraries_type on public.libraries (type);
create index if not exists idx_libraries_enabled on public.libraries (enabled) where enabled = true;

create trigger trigger_libraries_updated_at
    before update on public.libraries
    for each row execute function public.update_libraries_updated_at();

create table if not exists public.library_scans (
    id               uuid        not null default gen_random_uuid(),
    library_id       uuid        not null,
    scan_type        varchar(20) not null,
    status           varchar(20) not null default 'pending',
    items_scanned    integer     not null default 0,
    items_added      integer     not null default 0,
    items_updated    integer     not null default 0,
    items_removed    integer     not null default 0,
    errors_count     integer     not null default 0,
    error_message    text,
    started_at       timestamptz,
    completed_at     timestamptz,
    duration_seconds integer,
    created_at       timestamptz not null default now(),

    constraint library_scans_pkey primary key (id),
    constraint library_scans_library_id_fkey
        foreign key (library_id) references public.libraries (id) on delete cascade
);

create index if not exists idx_library_scans_library on public.library_scans (library_id, started_at desc);
create index if not exists idx_library_scans_status on public.library_scans (status);
create index if not exists idx_library_scans_created on public.library_scans (created_at desc);

create table if not exists public.library_permissions (
    id         uuid        not null default gen_random_uuid(),
    library_id uuid        not null,
    user_id    uuid        not null,
    permission varchar(50) not null,
    created_at timestamptz not null default now(),

    constraint library_permissions_pkey primary key (id),
    constraint library_permissions_library_id_fkey
        foreign key (library_id) references public.libraries (id) on delete cascade,
    constraint library_permissions_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index if not exists idx_library_perms_library on public.library_permissions (library_id);
create index if not exists idx_library_perms_user on public.library_permissions (user_id);
create unique index if not exists idx_library_perms_unique
    on public.library_permissions (library_id, user_id, permission);
