-- Create qar.expeditions and their files: full-length titles, with soft delete.
create table qar.expeditions (
    id             uuid         not null default gen_random_uuid(),
    fleet_id       uuid         not null,
    port_id        uuid,
    title          text         not null,
    sort_title     text,
    original_title text,
    overview       text,
    launch_date    date,
    distance       integer,
    director       text,
    cover_path     text,
    charter        varchar(100),
    registry       varchar(100),
    whisparr_id    integer,
    created_at     timestamptz  not null default now(),
    updated_at     timestamptz  not null default now(),
    deleted_at     timestamptz,

    constraint expeditions_pkey primary key (id),
    constraint expeditions_fleet_id_fkey
        foreign key (fleet_id) references qar.fleets (id) on delete cascade,
    constraint expeditions_port_id_fkey
        foreign key (port_id) references qar.ports (id) on delete set null,
    constraint expeditions_distance_check check (distance >= 0)
);

-- Among live rows only: a deleted title does not stand in the way of a new one.
create unique index idx_expeditions_charter_live on qar.expeditions (charter)
    where deleted_at is null and charter is not null;
create index idx_expeditions_created on qar.expeditions (created_at desc) where deleted_at is null;
create index idx_expeditions_fleet on qar.expeditions (fleet_id, launch_date desc);
create index idx_expeditions_port on qar.expeditions (port_id);
create index idx_expeditions_title_trgm on qar.expeditions using gin (title public.gin_trgm_ops);
create unique index idx_expeditions_whisparr_live on qar.expeditions (whisparr_id)
    where deleted_at is null and whisparr_id is not null;

create trigger expeditions_updated_at
    before update on qar.expeditions
    for each row execute function qar.set_updated_at();

create table qar.expedition_files (
    id               uuid        not null default gen_random_uuid(),
    expedition_id    uuid        not null,
    file_path        text        not null,
    file_size        bigint      not null,
    container        varchar(20),
    video_codec      varchar(50),
    audio_codec      varchar(50),
    resolution       varchar(20),
    duration_seconds integer,
    bitrate_kbps     integer,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint expedition_files_pkey primary key (id),
    constraint expedition_files_path_key unique (file_path),
    constraint expedition_files_expedition_id_fkey
        foreign key (expedition_id) references qar.expeditions (id) on delete cascade
);

create index idx_expedition_files_expedition on qar.expedition_files (expedition_id);

create trigger expedition_files_updated_at
    before update on qar.expedition_files
    for each row execute function qar.set_updated_at();
