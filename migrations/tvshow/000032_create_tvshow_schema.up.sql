-- Create the schema tvshow: series, seasons, episodes, their files, credits, genres and networks.
-- The tables are not created "if not exists": the schema is this version's own.
create schema if not exists tvshow;

create function tvshow.update_updated_at_column() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;

create table tvshow.series (
    id                  uuid        not null default gen_random_uuid(),
    tmdb_id             integer,
    tvdb_id             integer,
    imdb_id             text,
    sonarr_id           integer,
    title               text        not null,
    tagline             text,
    overview            text,
    titles_i18n         jsonb       not null default '{}',
    taglines_i18n       jsonb       not null default '{}',
    overviews_i18n      jsonb       not null default '{}',
    age_ratings         jsonb       not null default '{}',
    original_language   text        not null default 'en',
    original_title      text,
    status              text,
    type                text,
    first_air_date      date,
    last_air_date       date,
    vote_average        numeric(4, 2),
    vote_count          integer,
    popularity          numeric(10, 3),
    poster_path         text,
    backdrop_path       text,
    total_seasons       integer     not null default 0,
    total_episodes      integer     not null default 0,
    trailer_url         text,
    homepage            text,
    metadata_updated_at timestamptz,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),

    constraint series_pkey primary key (id),
    constraint series_tmdb_id_key unique (tmdb_id),
    constraint series_tvdb_id_key unique (tvdb_id)
);

create index idx_series_tmdb_id on tvshow.series (tmdb_id);
create index idx_series_tvdb_id on tvshow.series (tvdb_id);
create index idx_series_sonarr_id on tvshow.series (sonarr_id) where sonarr_id is not null;
create index idx_series_status on tvshow.series (status);
create index idx_series_first_air_date on tvshow.series (first_air_date);
create index idx_series_created_at on tvshow.series (created_at desc);
create index idx_series_titles_i18n on tvshow.series using gin (titles_i18n);

create table tvshow.seasons (
    id             uuid        not null default gen_random_uuid(),
    series_id      uuid        not null,
    tmdb_id        integer,
    season_number  integer     not null,
    name           text        not null,
    overview       text,
    names_i18n     jsonb       not null default '{}',
    overviews_i18n jsonb       not null default '{}',
    poster_path    text,
    episode_count  integer     not null default 0,
    air_date       date,
    vote_average   numeric(4, 2),
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint seasons_pkey primary key (id),
    constraint seasons_series_id_season_number_key unique (series_id, season_number),
    constraint seasons_series_id_fkey
        foreign key (series_id) references tvshow.series (id) on delete cascade
);

create index idx_seasons_series on tvshow.seasons (series_id);
create index idx_seasons_number on tvshow.seasons (series_id, season_number);

create table tvshow.episodes (
    id              uuid        not null default gen_random_uuid(),
    series_id       uuid        not null,
    season_id       uuid        not null,
    tmdb_id         integer,
    tvdb_id         integer,
    imdb_id         text,
    season_number   integer     not null,
    episode_number  integer     not null,
    title           text        not null,
    overview        text,
    titles_i18n     jsonb       not null default '{}',
    overviews_i18n  jsonb       not null default '{}',
    air_date        date,
    runtime         integer,
    vote_average    numeric(4, 2),
    vote_count      integer,
    still_path      text,
    production_code text,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),

    constraint episodes_pkey primary key (id),
    constraint episodes_series_id_season_number_episode_number_key
        unique (series_id, season_number, episode_number),
    constraint episodes_series_id_fkey
        foreign key (series_id) references tvshow.series (id) on delete cascade,
    constraint episodes_season_id_fkey
        foreign key (season_id) references tvshow.seasons (id) on delete cascade
);

create index idx_episodes_series on tvshow.episodes (series_id);
create index idx_episodes_season on tvshow.episodes (season_id);
create index idx_episodes_number on tvshow.episodes (series_id, season_number, episode_number);
create index idx_episodes_tmdb_id on tvshow.episodes (tmdb_id);
create index idx_episodes_air_date on tvshow.episodes (air_date);

create table tvshow.episode_files (
    id                 uuid        not null default gen_random_uuid(),
    episode_id         uuid        not null,
    file_path          text        not null,
    file_name          text        not null,
    file_size          bigint      not null,
    container          text,
    resolution         text,
    quality_profile    text,
    video_codec        text,
    audio_codec        text,
    bitrate_kbps       integer,
    duration_seconds   numeric(10, 3),
    audio_languages    text[]      not null default '{}',
    subtitle_languages text[]      not null default '{}',
    sonarr_file_id     integer,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),

    constraint episode_files_pkey primary key (id),
    constraint episode_files_file_path_key unique (file_path),
    constraint episode_files_episode_id_fkey
        foreign key (episode_id) references tvshow.episodes (id) on delete cascade
);

create index idx_episode_files_episode on tvshow.episode_files (episode_id);
create index idx_episode_files_path on tvshow.episode_files (file_path);
create index idx_episode_files_sonarr on tvshow.episode_files (sonarr_file_id)
    where sonarr_file_id is not null;

create table tvshow.episode_watched (
    id               uuid        not null default gen_random_uuid(),
    user_id          uuid        not null,
    episode_id       uuid        not null,
    progress_seconds integer     not null default 0,
    duration_seconds integer     not null default 0,
    is_completed     boolean     not null default false,
    watch_count      integer     not null default 0,
    last_watched_at  timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint episode_watched_pkey primary key (id),
    constraint episode_watched_user_id_episode_id_key unique (user_id, episode_id),
    constraint episode_watched_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint episode_watched_episode_id_fkey
        foreign key (episode_id) references tvshow.episodes (id) on delete cascade
);

create index idx_episode_watched_user on tvshow.episode_watched (user_id);
create index idx_episode_watched_episode on tvshow.episode_watched (episode_id);
create index idx_episode_watched_user_episode on tvshow.episode_watched (user_id, episode_id);
create index idx_episode_watched_last on tvshow.episode_watched (user_id, last_watched_at desc)
    where is_completed = false;

create table tvshow.series_genres (
    id            uuid        not null default gen_random_uuid(),
    series_id     uuid        not null,
    tmdb_genre_id integer     not null,
    name          text        not null,
    created_at    timestamptz not null default now(),

    constraint series_genres_pkey primary key (id),
    constraint series_genres_series_id_tmdb_genre_id_key unique (series_id, tmdb_genre_id),
    constraint series_genres_series_id_fkey
        foreign key (series_id) references tvshow.series (id) on delete cascade
);

create index idx_series_genres_series on tvshow.series_genres (series_id);
create index idx_series_genres_genre on tvshow.series_genres (tmdb_genre_id);

create table tvshow.series_credits (
    id             uuid        not null default gen_random_uuid(),
    series_id      uuid        not null,
    tmdb_person_id integer     not null,
    name           text        not null,
    credit_type    text        not null,
    character      text,
    cast_order     integer,
    job            text,
    department     text,
    profile_path   text,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint series_credits_pkey primary key (id),
    constraint series_credits_series_id_fkey
        foreign key (series_id) references tvshow.series (id) on delete cascade,
    constraint series_credits_credit_type_check check (credit_type in ('cast', 'crew'))
);

create index idx_series_credits_series on tvshow.series_credits (series_id);
create index idx_series_credits_person on tvshow.series_credits (tmdb_person_id);

create table tvshow.episode_credits (
    id             uuid        not null default gen_random_uuid(),
    episode_id     uuid        not null,
    tmdb_person_id integer     not null,
    name           text        not null,
    credit_type    text        not null,
    character      text,
    cast_order     integer,
    job            text,
    department     text,
    profile_path   text,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint episode_credits_pkey primary key (id),
    constraint episode_credits_episode_id_fkey
        foreign key (episode_id) references tvshow.episodes (id) on delete cascade,
    -- The regular cast is credited to the series; an episode adds only its guests and crew.
    constraint episode_credits_credit_type_check check (credit_type in ('guest_star', 'crew'))
);

create index idx_episode_credits_episode on tvshow.episode_credits (episode_id);

create table tvshow.networks (
    id             uuid        not null default gen_random_uuid(),
    tmdb_id        integer     not null,
    name           text        not null,
    logo_path      text,
    origin_country text,
    created_at     timestamptz not null default now(),

    constraint networks_pkey primary key (id),
    constraint networks_tmdb_id_key unique (tmdb_id)
);

create table tvshow.series_networks (
    series_id  uuid not null,
    network_id uuid not null,

    constraint series_networks_pkey primary key (series_id, network_id),
    constraint series_networks_series_id_fkey
        foreign key (series_id) references tvshow.series (id) on delete cascade,
    constraint series_networks_network_id_fkey
        foreign key (network_id) references tvshow.networks (id) on delete cascade
);

create trigger update_series_updated_at
    before update on tvshow.series
    for each row execute function tvshow.update_updated_at_column();

create trigger update_seasons_updated_at
    before update on tvshow.seasons
    for each row execute function tvshow.update_updated_at_column();

create trigger update_episodes_updated_at
    before update on tvshow.episodes
    for each row execute function tvshow.update_updated_at_column();

create trigger update_episode_files_updated_at
    before update on tvshow.episode_files
    for each row execute function tvshow.update_updated_at_column();

create trigger update_episode_watched_updated_at
    before update on tvshow.episode_watched
    for each row execute function tvshow.update_updated_at_column();

create trigger update_series_credits_updated_at
    before update on tvshow.series_credits
    for each row execute function tvshow.update_updated_at_column();

create trigger update_episode_credits_updated_at
    before update on tvshow.episode_credits
    for each row execute function tvshow.update_updated_at_column();
