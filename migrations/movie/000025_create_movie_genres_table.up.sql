-- Create public.movie_genres: the genres of each movie, by their TMDb number.
create table if not exists public.movie_genres (
    id            uuid        not null default gen_random_uuid(),
    movie_id      uuid        not null,
    tmdb_genre_id integer     not null,
    name          text        not null,
    created_at    timestamptz not null default now(),

    constraint movie_genres_pkey primary key (id),
    constraint uq_movie_genre unique (movie_id, tmdb_genre_id),
    constraint movie_genres_movie_id_fkey
        foreign key (movie_id) references public.movies (id) on delete cascade
);

create index idx_movie_genres_movie_id on public.movie_genres (movie_id);
create index idx_movie_genres_genre_id on public.movie_genres (tmdb_genre_id);
create index idx_movie_genres_name on public.movie_genres (name);
