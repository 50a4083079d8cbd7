-- The seasons of series.

-- name: GetSeason :one
-- The season with this id.
select *
from tvshow.seasons
where id = @id;

-- name: GetSeasonByNumber :one
-- The season of a series with this number.
select *
from tvshow.seasons
where series_id = @series_id
  and season_number = @season_number;

-- name: ListSeasonsBySeries :many
-- All seasons of a series in order.
select *
from tvshow.seasons
where series_id = @series_id
order by season_number
limit 10000;

-- name: ListSeasonsBySeriesWithEpisodeCount :many
-- All seasons of a series in order, each with the number of episodes that are really there.
select
  seasons.*,
  (
    select count(*)
    from tvshow.episodes
    where episodes.season_id = seasons.id
  ) as actual_episode_count
from tvshow.seasons
where seasons.series_id = @series_id
order by seasons.season_number
limit 10000;

-- name: CreateSeason :one
-- Adds a season; its number must be free within the series.
insert into tvshow.seasons (
  series_id, tmdb_id, season_number, name, overview, names_i18n, overviews_i18n, poster_path,
  episode_count, air_date, vote_average
) values (
  @series_id, sqlc.narg(tmdb_id), @season_number, @name, sqlc.narg(overview), @names_i18n,
  @overviews_i18n, sqlc.narg(poster_path), @episode_count, sqlc.narg(air_date),
  sqlc.narg(vote_average)
)
returning *;

-- name: UpdateSeason :one
-- Changes what describes a season; a null parameter keeps the stored value. Series and number stay.
update tvshow.seasons
set
  tmdb_id = coalesce(sqlc.narg(tmdb_id), tmdb_id),
  name = coalesce(sqlc.narg(name), name),
  overview = coalesce(sqlc.narg(overview), overview),
  names_i18n = coalesce(sqlc.narg(names_i18n), names_i18n),
  overviews_i18n = coalesce(sqlc.narg(overviews_i18n), overviews_i18n),
  poster_path = coalesce(sqlc.narg(poster_path), poster_path),
  episode_count = coalesce(sqlc.narg(episode_count), episode_count),
  air_date = coalesce(sqlc.narg(air_date), air_date),
  vote_average = coalesce(sqlc.narg(vote_average), vote_average)
where id = @id
returning *;

-- name: DeleteSeason :exec
-- Removes a season together with its episodes.
delete from tvshow.seasons
where id = @id;

-- name: DeleteSeasonsBySeries :exec
-- Removes all seasons of a series.
delete from tvshow.seasons
where series_id = @series_id;

-- name: UpsertSeason :one
-- Adds a season, or describes the one with this number anew: what is null now is null then.
insert into tvshow.seasons (
  series_id, tmdb_id, season_number, name, overview, names_i18n, overviews_i18n, poster_path,
  episode_count, air_date, vote_average
) values (
  @series_id, sqlc.narg(tmdb_id), @season_number, @name, sqlc.narg(overview), @names_i18n,
  @overviews_i18n, sqlc.narg(poster_path), @episode_count, sqlc.narg(air_date),
  sqlc.narg(vote_average)
)
on conflict (series_id, season_number) do update
set
  tmdb_id = excluded.tmdb_id,
  name = excluded.name,
  overview = excluded.overview,
  names_i18n = excluded.names_i18n,
  overviews_i18n = excluded.overviews_i18n,
  poster_path = excluded.poster_path,
  episode_count = excluded.episode_count,
  air_date = excluded.air_date,
  vote_average = excluded.vote_average
returning *;
