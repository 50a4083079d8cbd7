-- The genres of series, by slug.

-- name: ListSeriesGenres :many
-- The genres of a series by name.
-- @since 301
select *
from tvshow.series_genres
where series_id = @series_id
order by name, id
limit 10000;

-- name: ListDistinctSeriesGenres :many
-- Every genre in use with the number of series that carry it, by name.
-- @since 301
select
  slug,
  name,
  count(distinct series_id) as item_count
from tvshow.series_genres
group by slug, name
order by name, slug
limit 10000;

-- name: AddSeriesGenre :exec
-- Gives a series a genre; a genre it already has keeps its stored name.
-- @since 301
insert into tvshow.series_genres (
  series_id, slug, name
) values (
  @series_id, @slug, @name
)
on conflict (series_id, slug) do nothing;

-- name: DeleteSeriesGenres :exec
-- Removes all genres of a series, so that fresh ones can be written.
delete from tvshow.series_genres
where series_id = @series_id;

-- name: ListSeriesByGenre :many
-- A page of the series that carry a genre, most popular first; those of unknown popularity come
-- last.
-- @since 301
select series.*
from tvshow.series
join tvshow.series_genres as genres on genres.series_id = series.id
where genres.slug = @slug
order by series.popularity desc nulls last, series.id
limit @limit
offset @offset;
