-- Create public.movie_watched: how far each user has come in each movie.
create table if not exists public.movie_watched (
    id               uuid        not null default gen_random_uuid(),
    user_id          uuid        not null,
    movie_id         uuid        not null,
    progress_seconds integer     not null default 0,
    duration_seconds integer,
    -- A duration that is unknown (NULL) or not above 0 falls to the else branch.
    progress_percent numeric(5, 2) generated always as (
        case
            when duration_seconds > 0 then 100 * progress_seconds::numeric / duration_seconds
            else 0
        end
    ) stored,
    is_completed     boolean     default false,
    last_watched_at  timestamptz not null default now(),
    completed_at     timestamptz,
    watch_count      integer     default 1,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint movie_watched_pkey primary key (id),
    constraint uq_user_movie_watched unique (user_id, movie_id),
    constraint movie_watched_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint movie_watched_movie_id_fkey
        foreign key (movie_id) references public.movies (id) on delete cascade
);

create index idx_movie_watched_user_id on public.movie_watched (user_id);
create index idx_movie_watched_movie_id on public.movie_watched (movie_id);
create index idx_movie_watched_last_watched on public.movie_watched (user_id, last_watched_at desc);
create index idx_movie_watched_completed on public.movie_watched (user_id, is_completed, last_watched_at desc);
create index idx_movie_watched_in_progress on public.movie_watched (user_id, progress_percent)
    where is_completed = false and progress_percent > 0;

create trigger update_movie_watched_updated_at
    before update on public.movie_watched
    for each row execute function shared.update_updated_at_column();
