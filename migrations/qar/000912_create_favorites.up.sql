-- Create what users keep: marked voyages, favourite crew and ratings.
create table qar.marked_charts (
    user_id    uuid        not null,
    voyage_id  uuid        not null,
    created_at timestamptz not null default now(),

    constraint marked_charts_pkey primary key (user_id, voyage_id),
    constraint marked_charts_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint marked_charts_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade
);

create index idx_marked_charts_voyage on qar.marked_charts (voyage_id);

create table qar.crew_roster (
    user_id     uuid        not null,
    crew_id     uuid        not null,
    enlisted_at timestamptz not null default now(),

    constraint crew_roster_pkey primary key (user_id, crew_id),
    constraint crew_roster_crew_id_fkey
        foreign key (crew_id) references qar.crew (id) on delete cascade,
    constraint crew_roster_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_crew_roster_crew on qar.crew_roster (crew_id);

create table qar.bounties (
    user_id    uuid        not null,
    voyage_id  uuid        not null,
    reward     smallint    not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint bounties_pkey primary key (user_id, voyage_id),
    constraint bounties_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint bounties_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade,
    constraint bounties_reward_check check (reward between 1 and 10)
);

create index idx_bounties_voyage on qar.bounties (voyage_id);

create trigger bounties_updated_at
    before update on qar.bounties
    for each row execute function qar.set_updated_at();
