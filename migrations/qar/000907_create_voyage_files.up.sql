-- Create files, fingerprints (coordinates) and time markers (waypoints) of voyages.
create table qar.voyage_files (
    id               uuid          not null default gen_random_uuid(),
    voyage_id        uuid          not null,
    file_path        text          not null,
    file_size        bigint        not null,
    container        varchar(20),
    video_codec      varchar(50),
    audio_codec      varchar(50),
    resolution       varchar(20),
    framerate        numeric(6, 3),
    duration_seconds integer,
    bitrate_kbps     integer,
    created_at       timestamptz   not null default now(),
    updated_at       timestamptz   not null default now(),

    constraint voyage_files_pkey primary key (id),
    constraint voyage_files_path_key unique (file_path),
    constraint voyage_files_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade
);

create index idx_voyage_files_voyage on qar.voyage_files (voyage_id);

create trigger voyage_files_updated_at
    before update on qar.voyage_files
    for each row execute function qar.set_updated_at();

create table qar.voyage_coordinates (
    id             uuid        not null default gen_random_uuid(),
    voyage_id      uuid        not null,
    voyage_file_id uuid,
    algorithm      varchar(10) not null,
    value          text        not null,
    -- The 64 bits of a perceptual hash, for distances.
    bits           bigint,
    source         varchar(50) not null default 'local',
    created_at     timestamptz not null default now(),

    constraint voyage_coordinates_pkey primary key (id),
    constraint voyage_coordinates_key unique (voyage_id, algorithm, value),
    constraint voyage_coordinates_voyage_file_id_fkey
        foreign key (voyage_file_id) references qar.voyage_files (id) on delete cascade,
    constraint voyage_coordinates_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade,
    constraint voyage_coordinates_algorithm_check check (algorithm in ('oshash', 'phash', 'md5')),
    constraint voyage_coordinates_bits_check check ((algorithm = 'phash') = (bits is not null)),
    constraint voyage_coordinates_value_check check (length(value) > 0)
);

create index idx_voyage_coordinates_file on qar.voyage_coordinates (voyage_file_id);
create index idx_voyage_coordinates_lookup on qar.voyage_coordinates (algorithm, value);

create table qar.voyage_waypoints (
    id            uuid           not null default gen_random_uuid(),
    voyage_id     uuid           not null,
    flag_id       uuid,
    title         text,
    start_seconds numeric(10, 3) not null,
    end_seconds   numeric(10, 3),
    external_id   varchar(100),
    created_at    timestamptz    not null default now(),
    updated_at    timestamptz    not null default now(),

    constraint voyage_waypoints_pkey primary key (id),
    constraint voyage_waypoints_flag_id_fkey
        foreign key (flag_id) references qar.flags (id) on delete set null,
    constraint voyage_waypoints_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade,
    constraint voyage_waypoints_range_check check (start_seconds >= 0 and end_seconds >= start_seconds)
);

create index idx_voyage_waypoints_flag on qar.voyage_waypoints (flag_id);
create index idx_voyage_waypoints_voyage on qar.voyage_waypoints (voyage_id, start_seconds);

create trigger voyage_waypoints_updated_at
    before update on qar.voyage_waypoints
    for each row execute function qar.set_updated_at();
