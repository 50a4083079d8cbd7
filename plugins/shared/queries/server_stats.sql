-- Figures about the whole server: those that were computed earlier and kept, and the counts they
-- are computed from.

-- name: UpsertServerStat :exec
-- Stores a figure as computed now, in place of the earlier one of the same key.
-- @since 101
-- @loggable stat_key
insert into shared.server_stats (
  stat_key, stat_value, computed_at
) values (
  @stat_key, @stat_value, now()
)
on conflict (stat_key) do update
set
  stat_value = excluded.stat_value,
  computed_at = now();

-- name: GetServerStat :one
-- The figure with this key, if it was ever stored.
-- @since 101
-- @loggable stat_key
select *
from shared.server_stats
where stat_key = @stat_key;

-- name: GetAllServerStats :many
-- All figures by key.
-- @since 101
select *
from shared.server_stats
order by stat_key
limit 10000;

-- name: CountActiveUsers :one
-- How many live users there are, whether their account is active or not.
select count(*)
from shared.users
where deleted_at is null;

-- name: CountActiveUsersLast24h :one
-- How many users had a session in use within the last 24 hours; it may be revoked since.
select count(distinct user_id)
from shared.sessions
where last_activity_at > now() - interval '24 hours';

-- name: CountTotalLibraries :one
-- How many libraries are enabled.
select count(*)
from public.libraries
where enabled = true;

-- name: CountTotalMovies :one
-- How many movies there are, deleted ones included.
-- @requires movie 202
select count(*)
from movie.movies;

-- name: CountTotalSeries :one
-- How many series there are.
-- @requires tvshow 32
select count(*)
from tvshow.series;

-- name: CountTotalEpisodes :one
-- How many episodes there are.
-- @requires tvshow 32
select count(*)
from tvshow.episodes;

-- name: CountTotalMovieWatches :one
-- How often movies were watched, by all users together.
-- @requires movie 202
select coalesce(sum(watch_count), 0)::bigint as watches
from movie.movie_watched;

-- name: CountTotalEpisodeWatches :one
-- How often episodes were watched, by all users together.
-- @requires tvshow 32
select coalesce(sum(watch_count), 0)::bigint as watches
from tvshow.episode_watched;

-- name: SumMovieWatchDurationSeconds :one
-- How long all users together watched the movies that they saw to the end, every time counted.
-- @requires movie 202
select coalesce(sum(duration_seconds::bigint * watch_count), 0)::bigint as seconds
from movie.movie_watched
where is_completed = true;

-- name: SumEpisodeWatchDurationSeconds :one
-- How long all users together watched the episodes that they saw to the end, every time counted.
-- @requires tvshow 32
select coalesce(sum(duration_seconds::bigint * watch_count), 0)::bigint as seconds
from tvshow.episode_watched
where is_completed = true;
