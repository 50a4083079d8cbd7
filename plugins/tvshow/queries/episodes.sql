-- Episodes by series, season and air date.

-- name: GetEpisode :one
-- The episode with this id.
select *
from tvshow.episodes
where id = @id;

-- name: GetEpisodeByTMDbID :one
-- The episode with this TMDb id. Nothing keeps these ids unique: of several episodes the one stored
-- first is returned.
select *
from tvshow.episodes
where tmdb_id = @tmdb_id
order by created_at, id
limit 1;

-- name: GetEpisodeByNumber :one
-- The episode of a series with these numbers.
select *
from tvshow.episodes
where series_id = @series_id
  and season_number = @season_number
  and episode_number = @episode_number;

-- name: ListEpisodesBySeries :many
-- All episodes of a series in order.
select *
from tvshow.episodes
where series_id = @series_id
order by season_number, episode_number
limit 10000;

-- name: ListEpisodesBySeason :many
-- All episodes of a season in order.
select *
from tvshow.episodes
where season_id = @season_id
order by episode_number, id
limit 10000;

-- name: ListEpisodesBySeasonNumber :many
-- All episodes of a series with this season number in order.
select *
from tvshow.episodes
where series_id = @series_id
  and season_number = @season_number
order by episode_number
limit 10000;

-- name: ListRecentEpisodes :many
-- A page of the episodes that have been on air up to today, latest first, with the title and poster
-- of their series.
select
  episodes.*,
  series.title as series_title,
  series.poster_path as series_poster_path
from tvshow.episodes
join tvshow.series on series.id = episodes.series_id
where episodes.air_date <= current_date
order by episodes.air_date desc, episodes.id
limit @limit
offset @offset;

-- name: ListUpcomingEpisodes :many
-- A page of the episodes that will be on air after today, next first, with the title and poster of
-- their series.
select
  episodes.*,
  series.title as series_title,
  series.poster_path as series_poster_path
from tvshow.episodes
join tvshow.series on series.id = episodes.series_id
where episodes.air_date > current_date
order by episodes.air_date, episodes.id
limit @limit
offset @offset;

-- name: CountEpisodesBySeries :one
-- How many episodes a series has.
select count(*)
from tvshow.episodes
where series_id = @series_id;

-- name: CountEpisodesBySeason :one
-- How many episodes a season has.
select count(*)
from tvshow.episodes
where season_id = @season_id;

-- name: CreateEpisode :one
-- Adds an episode; its numbers must be free within the series.
insert into tvshow.episodes (
  series_id, season_id, tmdb_id, tvdb_id, imdb_id, season_number, episode_number, title, overview,
  titles_i18n, overviews_i18n, air_date, runtime, vote_average, vote_count, still_path,
  production_code
) values (
  @series_id, @season_id, sqlc.narg(tmdb_id), sqlc.narg(tvdb_id), sqlc.narg(imdb_id),
  @season_number, @episode_number, @title, sqlc.narg(overview), @titles_i18n, @overviews_i18n,
  sqlc.narg(air_date), sqlc.narg(runtime), sqlc.narg(vote_average), sqlc.narg(vote_count),
  sqlc.narg(still_path), sqlc.narg(production_code)
)
returning *;

-- name: UpdateEpisode :one
-- Changes what describes an episode; a null parameter keeps the stored value. Series, season and
-- numbers stay.
update tvshow.episodes
set
  tmdb_id = coalesce(sqlc.narg(tmdb_id), tmdb_id),
  tvdb_id = coalesce(sqlc.narg(tvdb_id), tvdb_id),
  imdb_id = coalesce(sqlc.narg(imdb_id), imdb_id),
  title = coalesce(sqlc.narg(title), title),
  overview = coalesce(sqlc.narg(overview), overview),
  titles_i18n = coalesce(sqlc.narg(titles_i18n), titles_i18n),
  overviews_i18n = coalesce(sqlc.narg(overviews_i18n), overviews_i18n),
  air_date = coalesce(sqlc.narg(air_date), air_date),
  runtime = coalesce(sqlc.narg(runtime), runtime),
  vote_average = coalesce(sqlc.narg(vote_average), vote_average),
  vote_count = coalesce(sqlc.narg(vote_count), vote_count),
  still_path = coalesce(sqlc.narg(still_path), still_path),
  production_code = coalesce(sqlc.narg(production_code), production_code)
where id = @id
returning *;

-- name: DeleteEpisode :exec
-- Removes an episode together with its files, credits and watch rows.
delete from tvshow.episodes
where id = @id;

-- name: DeleteEpisodesBySeries :exec
-- Removes all episodes of a series.
delete from tvshow.episodes
where series_id = @series_id;

-- name: DeleteEpisodesBySeason :exec
-- Removes all episodes of a season.
delete from tvshow.episodes
where season_id = @season_id;

-- name: UpsertEpisode :one
-- Adds an episode, or describes the one with these numbers anew: what is null now is null then. Its
-- season_id stays as stored.
insert into tvshow.episodes (
  series_id, season_id, tmdb_id, tvdb_id, imdb_id, season_number, episode_number, title, overview,
  titles_i18n, overviews_i18n, air_date, runtime, vote_average, vote_count, still_path,
  production_code
) values (
  @series_id, @season_id, sqlc.narg(tmdb_id), sqlc.narg(tvdb_id), sqlc.narg(imdb_id),
  @season_number, @episode_number, @title, sqlc.narg(overview), @titles_i18n, @overviews_i18n,
  sqlc.narg(air_date), sqlc.narg(runtime), sqlc.narg(vote_average), sqlc.narg(vote_count),
  sqlc.narg(still_path), sqlc.narg(production_code)
)
on conflict (series_id, season_number, episode_number) do update
set
  tmdb_id = excluded.tmdb_id,
  tvdb_id = excluded.tvdb_id,
  imdb_id = excluded.imdb_id,
  title = excluded.title,
  overview = excluded.overview,
  titles_i18n = excluded.titles_i18n,
  overviews_i18n = excluded.overviews_i18n,
  air_date = excluded.air_date,
  runtime = excluded.runtime,
  vote_average = excluded.vote_average,
  vote_count = excluded.vote_count,
  still_path = excluded.still_path,
  production_code = excluded.production_code
returning *;
