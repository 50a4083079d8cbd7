-- Tell the genres of movie.movie_genres apart by a slug made from their name, not by their TMDb number. Where one
-- movie has two names with the same slug, the later ones get a number.
-- quartermaster: formerly 40
-- quartermaster: allow backfill-under-lock, not-null-scans, constraint-builds-index, drop-index-blocks, index-blocks-writes: a library has thousands of films, not millions: this takes milliseconds
-- quartermaster: allow removes-data: the slug takes the place of tmdb_genre_id, from which it is made
alter table movie.movie_genres
    add column slug text;

update movie.movie_genres as genre
set slug = made.slug || case when made.place > 1 then '-' || made.place else '' end
from (
    select
        id,
        slug,
        row_number() over (partition by movie_id, slug order by created_at, id) as place
    from (
        select
            id,
            movie_id,
            created_at,
            rtrim(lower(regexp_replace(btrim(name), '[^A-Za-z0-9]+', '-', 'g') collate "C"), '-') as slug
        from movie.movie_genres
    ) as named
) as made
where made.id = genre.id;

alter table movie.movie_genres
    alter column slug set not null,
    drop constraint uq_movie_genre,
    add constraint uq_movie_genre unique (movie_id, slug);

drop index movie.idx_movie_genres_genre_id;
create index idx_movie_genres_slug on movie.movie_genres (slug);

alter table movie.movie_genres
    drop column tmdb_genre_id;
