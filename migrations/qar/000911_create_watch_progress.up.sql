-- Create qar.watch_progress and qar.voyage_log: where users stand and what they watched.
create table qar.watch_progress (
    id               uuid        not null default gen_random_uuid(),
    user_id          uuid        not null,
    voyage_id        uuid,
    expedition_id    uuid,
    progress_seconds integer     not null default 0,
    duration_seconds integer     not null default 0,
    is_completed     boolean     not null default false,
    watch_count      integer     not null default 0,
    last_watched_at  timestamptz not null default now(),
    completed_at     timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint watch_progress_pkey primary key (id),
    constraint watch_progress_expedition_id_fkey
        foreign key (expedition_id) references qar.expeditions (id) on delete cascade,
    constraint watch_progress_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint watch_progress_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade,
    constraint watch_progress_one_target check (num_nonnulls(voyage_id, expedition_id) = 1),
    constraint watch_progress_range_check check (progress_seconds >= 0 and duration_seconds >= 0)
);

create index idx_watch_progress_by_expedition on qar.watch_progress (expedition_id)
    where expedition_id is not null;
create index idx_watch_progress_by_voyage on qar.watch_progress (voyage_id)
    where voyage_id is not null;
create index idx_watch_progress_recent on qar.watch_progress (user_id, last_watched_at desc);
create unique index idx_watch_progress_user_expedition on qar.watch_progress (user_id, expedition_id)
    where expedition_id is not null;
create unique index idx_watch_progress_user_voyage on qar.watch_progress (user_id, voyage_id)
    where voyage_id is not null;

create trigger watch_progress_updated_at
    before update on qar.watch_progress
    for each row execute function qar.set_updated_at();

create table qar.voyage_log (
    id               uuid        not null default gen_random_uuid(),
    user_id          uuid        not null,
    voyage_id        uuid        not null,
    position_seconds integer     not null default 0,
    completed        boolean     not null default false,
    watched_at       timestamptz not null default now(),

    constraint voyage_log_pkey primary key (id),
    constraint voyage_log_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint voyage_log_voyage_id_fkey
        foreign key (voyage_id) references qar.voyages (id) on delete cascade
);

create index idx_voyage_log_user on qar.voyage_log (user_id, watched_at desc);
create index idx_voyage_log_voyage on qar.voyage_log (voyage_id);
