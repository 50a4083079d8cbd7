-- Create the links of voyages and expeditions to crew and flags.
create table qar.voyage_crew (
    voyage_id   uuid    not null,
    crew_id     uuid    not null,
    credited_as text,
    position    integer,

    constraint voyage_crew_pkey primary key (voyage_id, crew_id),
    constraint voyage_crew_crew_id_fkey
        foreign key (crew_id) references qar.crew (id) on delete cascade,
    constraint voyage_crew_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade
);

create index idx_voyage_crew_crew on qar.voyage_crew (crew_id);

create table qar.expedition_crew (
    expedition_id uuid    not null,
    crew_id       uuid    not null,
    credited_as   text,
    position      integer,

    constraint expedition_crew_pkey primary key (expedition_id, crew_id),
    constraint expedition_crew_crew_id_fkey
        foreign key (crew_id) references qar.crew (id) on delete cascade,
    constraint expedition_crew_expedition_id_fkey
        foreign key (expedition_id) references qar.expeditions (id) on delete cascade
);

create index idx_expedition_crew_crew on qar.expedition_crew (crew_id);

create table qar.voyage_flags (
    voyage_id uuid not null,
    flag_id   uuid not null,

    constraint voyage_flags_pkey primary key (voyage_id, flag_id),
    constraint voyage_flags_flag_id_fkey
        foreign key (flag_id) references qar.flags (id) on delete cascade,
    constraint voyage_flags_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade
);

create index idx_voyage_flags_flag on qar.voyage_flags (flag_id);

create table qar.expedition_flags (
    expedition_id uuid not null,
    flag_id       uuid not null,

    constraint expedition_flags_pkey primary key (expedition_id, flag_id),
    constraint expedition_flags_expedition_id_fkey
        foreign key (expedition_id) references qar.expeditions (id) on delete cascade,
    constraint expedition_flags_flag_id_fkey
        foreign key (flag_id) references qar.flags (id) on delete cascade
);

create index idx_expedition_flags_flag on qar.expedition_flags (flag_id);
