-- Create qar.ports: studios, each perhaps below a parent.
create table qar.ports (
    id          uuid         not null default gen_random_uuid(),
    name        text         not null,
    parent_id   uuid,
    url         text,
    description text,
    logo_path   text,
    charter     varchar(100),
    registry    varchar(100),
    created_at  timestamptz  not null default now(),
    updated_at  timestamptz  not null default now(),

    constraint ports_pkey primary key (id),
    constraint ports_charter_key unique (charter),
    constraint ports_registry_key unique (registry),
    constraint ports_parent_id_fkey
        foreign key (parent_id) references qar.ports (id) on delete set null,
    constraint ports_not_own_parent check (parent_id <> id)
);

create index idx_ports_name_trgm on qar.ports using gin (name public.gin_trgm_ops);
create index idx_ports_parent on qar.ports (parent_id);

create trigger ports_updated_at
    before update on qar.ports
    for each row execute function qar.set_updated_at();
