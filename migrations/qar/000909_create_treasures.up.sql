-- Create qar.treasures with images and links: galleries, with soft delete.
create table qar.treasures (
    id               uuid        not null default gen_random_uuid(),
    fleet_id         uuid        not null,
    title            text        not null,
    description      text,
    folder_path      text        not null,
    image_count      integer     not null default 0,
    total_size_bytes bigint      not null default 0,
    cover_image_path text,
    cover_blurhash   text,
    date_captured    timestamptz,
    photographer     text,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    deleted_at       timestamptz,

    constraint treasures_pkey primary key (id),
    constraint treasures_fleet_id_fkey
        foreign key (fleet_id) references qar.fleets (id) on delete cascade
);

create index idx_treasures_fleet on qar.treasures (fleet_id, created_at desc);
-- Among live rows only: a deleted gallery frees its folder.
create unique index idx_treasures_folder_live on qar.treasures (folder_path)
    where deleted_at is null;
create index idx_treasures_title_trgm on qar.treasures using gin (title public.gin_trgm_ops);

create trigger treasures_updated_at
    before update on qar.treasures
    for each row execute function qar.set_updated_at();

create table qar.treasure_images (
    id              uuid         not null default gen_random_uuid(),
    treasure_id     uuid         not null,
    file_path       text         not null,
    filename        text         not null,
    position        integer      not null,
    width           integer,
    height          integer,
    file_size_bytes bigint,
    mime_type       varchar(100),
    blurhash        text,
    -- Stored without the place where the picture was taken.
    exif_data       jsonb,
    date_taken      timestamptz,
    created_at      timestamptz  not null default now(),

    constraint treasure_images_pkey primary key (id),
    constraint treasure_images_path_key unique (file_path),
    constraint treasure_images_position_key unique (treasure_id, position),
    constraint treasure_images_treasure_id_fkey
        foreign key (treasure_id) references qar.treasures (id) on delete cascade
);

create table qar.treasure_crew (
    treasure_id uuid not null,
    crew_id     uuid not null,

    constraint treasure_crew_pkey primary key (treasure_id, crew_id),
    constraint treasure_crew_crew_id_fkey
        foreign key (crew_id) references qar.crew (id) on delete cascade,
    constraint treasure_crew_treasure_id_fkey
        foreign key (treasure_id) references qar.treasures (id) on delete cascade
);

create index idx_treasure_crew_crew on qar.treasure_crew (crew_id);

create table qar.treasure_ports (
    treasure_id uuid not null,
    port_id     uuid not null,

    constraint treasure_ports_pkey primary key (treasure_id, port_id),
    constraint treasure_ports_port_id_fkey
        foreign key (port_id) references qar.ports (id) on delete cascade,
    constraint treasure_ports_treasure_id_fkey
        foreign key (treasure_id) references qar.treasures (id) on delete cascade
);

create index idx_treasure_ports_port on qar.treasure_ports (port_id);

create table qar.treasure_flags (
    treasure_id uuid not null,
    flag_id     uuid not null,

    constraint treasure_flags_pkey primary key (treasure_id, flag_id),
    constraint treasure_flags_flag_id_fkey
        foreign key (flag_id) references qar.flags (id) on delete cascade,
    constraint treasure_flags_treasure_id_fkey
        foreign key (treasure_id) references qar.treasures (id) on delete cascade
);

create index idx_treasure_flags_flag on qar.treasure_flags (flag_id);
