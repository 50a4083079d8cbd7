-- Create qar.crew with names and portraits: performers, their aliases and images.
create table qar.crew (
    id             uuid         not null default gen_random_uuid(),
    name           text         not null,
    disambiguation text,
    gender         varchar(50),
    christening    date,
    scuttled       date,
    nationality    varchar(100),
    maiden_voyage  integer,
    last_port      integer,
    bio            text,
    image_path     text,
    urls           text[]       not null default '{}',
    stash_id       varchar(100),
    charter        varchar(100),
    registry       varchar(100),
    manifest       varchar(100),
    created_at     timestamptz  not null default now(),
    updated_at     timestamptz  not null default now(),

    constraint crew_pkey primary key (id),
    constraint crew_charter_key unique (charter),
    constraint crew_registry_key unique (registry),
    constraint crew_career_check check (last_port >= maiden_voyage),
    constraint crew_dates_check check (scuttled >= christening)
);

create index idx_crew_name on qar.crew (name, id);
create index idx_crew_name_trgm on qar.crew using gin (name public.gin_trgm_ops);

create trigger crew_updated_at
    before update on qar.crew
    for each row execute function qar.set_updated_at();

create table qar.crew_names (
    crew_id    uuid        not null,
    name       text        not null,
    created_at timestamptz not null default now(),

    constraint crew_names_pkey primary key (crew_id, name),
    constraint crew_names_crew_id_fkey
        foreign key (crew_id) references qar.crew (id) on delete cascade
);

create index idx_crew_names_trgm on qar.crew_names using gin (name public.gin_trgm_ops);

create table qar.crew_portraits (
    id         uuid        not null default gen_random_uuid(),
    crew_id    uuid        not null,
    path       text        not null,
    source     varchar(50),
    blurhash   text,
    is_primary boolean     not null default false,
    created_at timestamptz not null default now(),

    constraint crew_portraits_pkey primary key (id),
    constraint crew_portraits_path_key unique (crew_id, path),
    constraint crew_portraits_crew_id_fkey
        foreign key (crew_id) references qar.crew (id) on delete cascade
);

create unique index idx_crew_portraits_one_primary on qar.crew_portraits (crew_id) where is_primary;
