-- Create qar.flags: tags, each perhaps below a parent, grouped by waters.
create table qar.flags (
    id          uuid         not null default gen_random_uuid(),
    name        text         not null,
    description text,
    waters      varchar(50),
    parent_id   uuid,
    charter     varchar(100),
    created_at  timestamptz  not null default now(),
    updated_at  timestamptz  not null default now(),

    constraint flags_pkey primary key (id),
    constraint flags_charter_key unique (charter),
    constraint flags_parent_id_fkey
        foreign key (parent_id) references qar.flags (id) on delete set null,
    constraint flags_not_own_parent check (parent_id <> id)
);

-- Names are unique whatever their case.
create unique index idx_flags_name_ci on qar.flags (lower(name));
create index idx_flags_parent on qar.flags (parent_id);
create index idx_flags_waters on qar.flags (waters) where waters is not null;

create trigger flags_updated_at
    before update on qar.flags
    for each row execute function qar.set_updated_at();
