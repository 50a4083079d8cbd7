-- Go back to TMDb numbers for the genres of tvshow.series_genres. The former numbers are gone: each row gets a
-- negative one that is distinct within its series.
alter table tvshow.series_genres
    add column tmdb_genre_id integer;

update tvshow.series_genres as genre
set tmdb_genre_id = numbered.number
from (
    select id, (-row_number() over (partition by series_id order by created_at, id))::integer as number
    from tvshow.series_genres
) as numbered
where numbered.id = genre.id;

drop index tvshow.idx_series_genres_slug;

alter table tvshow.series_genres
    alter column tmdb_genre_id set not null,
    drop constraint uq_series_genre,
    drop column slug,
    add constraint series_genres_series_id_tmdb_genre_id_key unique (series_id, tmdb_genre_id);

create index idx_series_genres_genre on tvshow.series_genres (tmdb_genre_id);
