-- Create qar.convoys and their members: ordered collections of voyages and expeditions.
create table qar.convoys (
    id            uuid        not null default gen_random_uuid(),
    -- Null: shared by everyone with access.
    owner_user_id uuid,
    name          text        not null,
    description   text,
    cover_path    text,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),

    constraint convoys_pkey primary key (id),
    constraint convoys_owner_user_id_fkey
        foreign key (owner_user_id) references shared.users (id) on delete cascade
);

create index idx_convoys_owner on qar.convoys (owner_user_id);

create trigger convoys_updated_at
    before update on qar.convoys
    for each row execute function qar.set_updated_at();

create table qar.convoy_members (
    id            uuid        not null default gen_random_uuid(),
    convoy_id     uuid        not null,
    voyage_id     uuid,
    expedition_id uuid,
    position      integer,
    created_at    timestamptz not null default now(),

    constraint convoy_members_pkey primary key (id),
    constraint convoy_members_convoy_id_fkey
        foreign key (convoy_id) references qar.convoys (id) on delete cascade,
    constraint convoy_members_expedition_id_fkey
        foreign key (expedition_id) references qar.expeditions (id) on delete cascade,
    constraint convoy_members_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade,
    constraint convoy_members_one_target check (num_nonnulls(voyage_id, expedition_id) = 1)
);

create index idx_convoy_members_by_expedition on qar.convoy_members (expedition_id)
    where expedition_id is not null;
create index idx_convoy_members_by_voyage on qar.convoy_members (voyage_id)
    where voyage_id is not null;
create unique index idx_convoy_members_expedition on qar.convoy_members (convoy_id, expedition_id)
    where expedition_id is not null;
create unique index idx_convoy_members_voyage on qar.convoy_members (convoy_id, voyage_id)
    where voyage_id is not null;
