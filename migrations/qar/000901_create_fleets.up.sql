-- Create qar.fleets and qar.fleet_scans: libraries and the scans of their folders.
create table qar.fleets (
    id                  uuid        not null default gen_random_uuid(),
    name                text        not null,
    fleet_type          varchar(20) not null,
    paths               text[]      not null default '{}',
    enabled             boolean     not null default true,
    fingerprint_on_scan boolean     not null default true,
    owner_user_id       uuid,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),

    constraint fleets_pkey primary key (id),
    constraint fleets_name_key unique (name),
    constraint fleets_owner_fkey
        foreign key (owner_user_id) references shared.users (id) on delete set null,
    constraint fleets_type_check check (fleet_type in ('expedition', 'voyage', 'treasure'))
);

create index idx_fleets_owner on qar.fleets (owner_user_id);

create trigger fleets_updated_at
    before update on qar.fleets
    for each row execute function qar.set_updated_at();

create table qar.fleet_scans (
    id            uuid        not null default gen_random_uuid(),
    fleet_id      uuid        not null,
    status        varchar(20) not null default 'pending',
    items_found   integer     not null default 0,
    items_added   integer     not null default 0,
    items_updated integer     not null default 0,
    items_removed integer     not null default 0,
    errors_count  integer     not null default 0,
    error_message text,
    started_at    timestamptz,
    finished_at   timestamptz,
    created_at    timestamptz not null default now(),

    constraint fleet_scans_pkey primary key (id),
    constraint fleet_scans_fleet_id_fkey
        foreign key (fleet_id) references qar.fleets (id) on delete cascade,
    constraint fleet_scans_status_check check (status in ('pending', 'running', 'completed', 'failed', 'cancelled'))
);

create index idx_fleet_scans_fleet on qar.fleet_scans (fleet_id, created_at desc);
-- One scan of a fleet at a time.
create unique index idx_fleet_scans_one_running on qar.fleet_scans (fleet_id)
    where status = 'running';
