-- Create public.movies: one row a movie, with what TMDb, IMDb and Radarr know about it.
create table if not exists public.movies (
    id                  uuid        not null default gen_random_uuid(),
    tmdb_id             integer,
    imdb_id             text,
    title               text        not null,
    original_title      text,
    year                integer,
    release_date        date,
    runtime             integer,
    overview            text,
    tagline             text,
    status              text,
    original_language   text,
    poster_path         text,
    backdrop_path       text,
    trailer_url         text,
    vote_average        numeric(3, 1),
    vote_count          integer,
    popularity          numeric(10, 3),
    budget              bigint,
    revenue             bigint,
    library_added_at    timestamptz not null default now(),
    metadata_updated_at timestamptz,
    radarr_id           integer,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),

    constraint movies_pkey primary key (id),
    constraint movies_tmdb_id_key unique (tmdb_id),
    constraint movies_imdb_id_key unique (imdb_id)
);

create unique index idx_movies_tmdb_id on public.movies (tmdb_id) where tmdb_id is not null;
create unique index idx_movies_imdb_id on public.movies (imdb_id) where imdb_id is not null;
create index idx_movies_radarr_id on public.movies (radarr_id) where radarr_id is not null;
create index idx_movies_year on public.movies (year) where year is not null;
create index idx_movies_release_date on public.movies (release_date desc) where release_date is not null;
create index idx_movies_vote_average on public.movies (vote_average desc) where vote_average is not null;
create index idx_movies_library_added_at on public.movies (library_added_at desc);
create index idx_movies_title_trgm on public.movies using gin (title public.gin_trgm_ops);
create index idx_movies_original_title_trgm on public.movies using gin (original_title public.gin_trgm_ops)
    where original_title is not null;

create trigger update_movies_updated_at
    before update on public.movies
    for each row execute function shared.update_updated_at_column();
