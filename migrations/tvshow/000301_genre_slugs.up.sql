-- Tell the genres of tvshow.series_genres apart by a slug made from their name, not by their TMDb number. Where one
-- series has two names with the same slug, the later ones get a number.
-- quartermaster: formerly 40
-- quartermaster: allow backfill-under-lock, not-null-scans, constraint-builds-index, drop-index-blocks, index-blocks-writes: a library has thousands of series, not millions: this takes milliseconds
-- quartermaster: allow removes-data: the slug takes the place of tmdb_genre_id, from which it is made
alter table tvshow.series_genres
    add column slug text;

update tvshow.series_genres as genre
set slug = made.slug || case when made.place > 1 then '-' || made.place else '' end
from (
    select
        id,
        slug,
        row_number() over (partition by series_id, slug order by created_at, id) as place
    from (
        select
            id,
            series_id,
            created_at,
            rtrim(lower(regexp_replace(btrim(name), '[^A-Za-z0-9]+', '-', 'g') collate "C"), '-') as slug
        from tvshow.series_genres
    ) as named
) as made
where made.id = genre.id;

alter table tvshow.series_genres
    alter column slug set not null,
    drop constraint series_genres_series_id_tmdb_genre_id_key,
    add constraint uq_series_genre unique (series_id, slug);

drop index tvshow.idx_series_genres_genre;
create index idx_series_genres_slug on tvshow.series_genres (slug);

alter table tvshow.series_genres
    drop column tmdb_genre_id;
