-- Create qar.voyages: scenes, on their own or a leg of an expedition, with soft delete.
create table qar.voyages (
    id            uuid         not null default gen_random_uuid(),
    fleet_id      uuid         not null,
    port_id       uuid,
    expedition_id uuid,
    leg           integer,
    title         text         not null,
    sort_title    text,
    overview      text,
    launch_date   date,
    distance      integer,
    director      text,
    cover_path    text,
    stash_id      varchar(100),
    charter       varchar(100),
    registry      varchar(100),
    whisparr_id   integer,
    created_at    timestamptz  not null default now(),
    updated_at    timestamptz  not null default now(),
    deleted_at    timestamptz,

    constraint voyages_pkey primary key (id),
    constraint voyages_expedition_id_fkey
        foreign key (expedition_id) references qar.expeditions (id) on delete set null,
    constraint voyages_fleet_id_fkey
        foreign key (fleet_id) references qar.fleets (id) on delete cascade,
    constraint voyages_port_id_fkey
        foreign key (port_id) references qar.ports (id) on delete set null,
    constraint voyages_distance_check check (distance >= 0),
    constraint voyages_leg_check check (leg > 0)
);

-- Among live rows only: a deleted title does not stand in the way of a new one.
create unique index idx_voyages_charter_live on qar.voyages (charter)
    where deleted_at is null and charter is not null;
create index idx_voyages_created on qar.voyages (created_at desc) where deleted_at is null;
create index idx_voyages_deleted on qar.voyages (deleted_at) where deleted_at is not null;
create index idx_voyages_expedition on qar.voyages (expedition_id, leg);
create index idx_voyages_fleet on qar.voyages (fleet_id, launch_date desc);
create index idx_voyages_launch on qar.voyages (launch_date desc) where deleted_at is null;
create index idx_voyages_port on qar.voyages (port_id);
create index idx_voyages_title_trgm on qar.voyages using gin (title public.gin_trgm_ops);
create unique index idx_voyages_whisparr_live on qar.voyages (whisparr_id)
    where deleted_at is null and whisparr_id is not null;

create trigger voyages_updated_at
    before update on qar.voyages
    for each row execute function qar.set_updated_at();
