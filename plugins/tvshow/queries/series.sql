-- Series: lookups, lists, searches and changes.

-- name: GetSeries :one
-- The series with this id.
-- @since 300
select *
from tvshow.series
where id = @id;

-- name: GetSeriesByTMDbID :one
-- The series with this TMDb id.
-- @since 300
select *
from tvshow.series
where tmdb_id = @tmdb_id;

-- name: GetSeriesByTVDbID :one
-- The series with this TheTVDB id.
-- @since 300
select *
from tvshow.series
where tvdb_id = @tvdb_id;

-- name: GetSeriesBySonarrID :one
-- The series with this Sonarr id. Nothing keeps these ids unique: of several series the one stored
-- first is returned.
-- @since 300
select *
from tvshow.series
where sonarr_id = @sonarr_id
order by created_at, id
limit 1;

-- name: ListSeries :many
-- A page of series sorted by sort_by (title, first_air_date or created_at) in sort_order (asc or
-- desc); anything else means latest addition first, which also decides among equals. Series without
-- the value come last in ascending and first in descending order.
-- @params limit, offset, sort_by, sort_order
-- @loggable sort_by, sort_order
-- @since 300
select *
from tvshow.series
order by
  case when @sort_by::text = 'title' and @sort_order::text = 'asc'
    then title end asc,
  case when @sort_by::text = 'title' and @sort_order::text = 'desc'
    then title end desc,
  case when @sort_by::text = 'first_air_date' and @sort_order::text = 'asc'
    then first_air_date end asc,
  case when @sort_by::text = 'first_air_date' and @sort_order::text = 'desc'
    then first_air_date end desc,
  case when @sort_by::text = 'created_at' and @sort_order::text = 'asc'
    then created_at end asc,
  case when @sort_by::text = 'created_at' and @sort_order::text = 'desc'
    then created_at end desc,
  created_at desc,
  id
limit @limit
offset @offset;

-- name: CountSeries :one
-- How many series there are.
select count(*)
from tvshow.series;

-- name: SearchSeriesByTitle :many
-- A page of the series with the query, as plain text and ignoring case, inside the title or the
-- original title. Whole titles come first, then titles that start with the query, and the more
-- popular one of two equals.
-- @since 300
select *
from tvshow.series
where exists (
  select 1
  from (values (title), (original_title)) as searched (name)
  where name ilike '%' || replace(replace(replace(
      @query, '!', '!!'), '%', '!%'), '_', '!_') || '%' escape '!'
)
order by
  case
    when lower(title) = lower(@query) then 1
    when starts_with(lower(title), lower(@query)) then 2
    else 3
  end,
  popularity desc nulls last,
  id
limit @limit
offset @offset;

-- name: SearchSeriesByTitleAnyLanguage :many
-- As SearchSeriesByTitle, inside the translated titles as well.
-- @since 300
select *
from tvshow.series
where exists (
  select 1
  from (
    values (title), (original_title)
    union all
    select translated.value
    from jsonb_each_text(
      case when jsonb_typeof(titles_i18n) = 'object' then titles_i18n end
    ) as translated
  ) as searched (name)
  where name ilike '%' || replace(replace(replace(
      @query, '!', '!!'), '%', '!%'), '_', '!_') || '%' escape '!'
)
order by
  case
    when lower(title) = lower(@query) then 1
    when starts_with(lower(title), lower(@query)) then 2
    else 3
  end,
  popularity desc nulls last,
  id
limit @limit
offset @offset;

-- name: ListRecentlyAddedSeries :many
-- A page of series, latest addition first.
-- @since 300
select *
from tvshow.series
order by created_at desc, id
limit @limit
offset @offset;

-- name: ListSeriesByStatus :many
-- A page of the series with exactly this status, latest first air date first; those without one
-- come before.
-- @since 300
select *
from tvshow.series
where status = @status
order by first_air_date desc, id
limit @limit
offset @offset;

-- name: CreateSeries :one
-- Adds a series.
-- @since 300
insert into tvshow.series (
  tmdb_id, tvdb_id, imdb_id, sonarr_id, title, tagline, overview, titles_i18n, taglines_i18n,
  overviews_i18n, age_ratings, external_ratings, original_language, original_title, status, type,
  first_air_date, last_air_date, vote_average, vote_count, popularity, poster_path, backdrop_path,
  total_seasons, total_episodes, trailer_url, homepage, metadata_updated_at
) values (
  sqlc.narg(tmdb_id), sqlc.narg(tvdb_id), sqlc.narg(imdb_id), sqlc.narg(sonarr_id), @title,
  sqlc.narg(tagline), sqlc.narg(overview), @titles_i18n, @taglines_i18n, @overviews_i18n,
  @age_ratings, @external_ratings, @original_language, sqlc.narg(original_title), sqlc.narg(status),
  sqlc.narg(type), sqlc.narg(first_air_date), sqlc.narg(last_air_date), sqlc.narg(vote_average),
  sqlc.narg(vote_count), sqlc.narg(popularity), sqlc.narg(poster_path), sqlc.narg(backdrop_path),
  @total_seasons, @total_episodes, sqlc.narg(trailer_url), sqlc.narg(homepage),
  sqlc.narg(metadata_updated_at)
)
returning *;

-- name: UpdateSeries :one
-- Changes a series; a null parameter keeps the stored value, so nothing can be cleared.
-- @since 300
update tvshow.series
set
  tmdb_id = coalesce(sqlc.narg(tmdb_id), tmdb_id),
  tvdb_id = coalesce(sqlc.narg(tvdb_id), tvdb_id),
  imdb_id = coalesce(sqlc.narg(imdb_id), imdb_id),
  sonarr_id = coalesce(sqlc.narg(sonarr_id), sonarr_id),
  title = coalesce(sqlc.narg(title), title),
  tagline = coalesce(sqlc.narg(tagline), tagline),
  overview = coalesce(sqlc.narg(overview), overview),
  titles_i18n = coalesce(sqlc.narg(titles_i18n), titles_i18n),
  taglines_i18n = coalesce(sqlc.narg(taglines_i18n), taglines_i18n),
  overviews_i18n = coalesce(sqlc.narg(overviews_i18n), overviews_i18n),
  age_ratings = coalesce(sqlc.narg(age_ratings), age_ratings),
  external_ratings = coalesce(sqlc.narg(external_ratings), external_ratings),
  original_language = coalesce(sqlc.narg(original_language), original_language),
  original_title = coalesce(sqlc.narg(original_title), original_title),
  status = coalesce(sqlc.narg(status), status),
  type = coalesce(sqlc.narg(type), type),
  first_air_date = coalesce(sqlc.narg(first_air_date), first_air_date),
  last_air_date = coalesce(sqlc.narg(last_air_date), last_air_date),
  vote_average = coalesce(sqlc.narg(vote_average), vote_average),
  vote_count = coalesce(sqlc.narg(vote_count), vote_count),
  popularity = coalesce(sqlc.narg(popularity), popularity),
  poster_path = coalesce(sqlc.narg(poster_path), poster_path),
  backdrop_path = coalesce(sqlc.narg(backdrop_path), backdrop_path),
  total_seasons = coalesce(sqlc.narg(total_seasons), total_seasons),
  total_episodes = coalesce(sqlc.narg(total_episodes), total_episodes),
  trailer_url = coalesce(sqlc.narg(trailer_url), trailer_url),
  homepage = coalesce(sqlc.narg(homepage), homepage),
  metadata_updated_at = coalesce(sqlc.narg(metadata_updated_at), metadata_updated_at)
where id = @id
returning *;

-- name: DeleteSeries :exec
-- Removes a series together with its seasons, episodes, credits, genres and networks.
delete from tvshow.series
where id = @id;

-- name: UpdateSeriesStats :exec
-- Counts the seasons and episodes of a series anew.
update tvshow.series
set
  total_seasons = (
    select count(*)
    from tvshow.seasons
    where seasons.series_id = series.id
  ),
  total_episodes = (
    select count(*)
    from tvshow.episodes
    where episodes.series_id = series.id
  )
where id = @series_id;
