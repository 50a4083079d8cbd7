-- Go back to TMDb numbers for the genres of movie.movie_genres. The former numbers are gone: each row gets a
-- negative one that is distinct within its movie.
alter table movie.movie_genres
    add column tmdb_genre_id integer;

update movie.movie_genres as genre
set tmdb_genre_id = numbered.number
from (
    select id, (-row_number() over (partition by movie_id order by created_at, id))::integer as number
    from movie.movie_genres
) as numbered
where numbered.id = genre.id;

drop index movie.idx_movie_genres_slug;

alter table movie.movie_genres
    alter column tmdb_genre_id set not null,
    drop constraint uq_movie_genre,
    drop column slug,
    add constraint uq_movie_genre unique (movie_id, tmdb_genre_id);

create index idx_movie_genres_genre_id on movie.movie_genres (tmdb_genre_id);
