-- What each user watched, and how far.

-- name: GetEpisodeWatchProgress :one
-- How far a user is into an episode.
select *
from tvshow.episode_watched
where user_id = @user_id
  and episode_id = @episode_id;

-- name: ListWatchedEpisodesBySeries :many
-- All episodes of a series that a user has begun or completed, in order.
select
  watched.*,
  episodes.season_number,
  episodes.episode_number,
  episodes.title as episode_title
from tvshow.episode_watched as watched
join tvshow.episodes on episodes.id = watched.episode_id
where watched.user_id = @user_id
  and episodes.series_id = @series_id
order by episodes.season_number, episodes.episode_number
limit 10000;

-- name: ListContinueWatchingSeries :many
-- The series of which a user has begun an episode and not completed it, each with the one watched
-- last, latest watched first.
-- @since 300
select
  series.*,
  latest.episode_id as last_episode_id,
  latest.season_number as last_season_number,
  latest.episode_number as last_episode_number,
  latest.title as last_episode_title,
  latest.progress_seconds,
  latest.duration_seconds,
  latest.last_watched_at
from (
  select distinct on (episodes.series_id)
    episodes.series_id,
    watched.episode_id,
    episodes.season_number,
    episodes.episode_number,
    episodes.title,
    watched.progress_seconds,
    watched.duration_seconds,
    watched.last_watched_at
  from tvshow.episode_watched as watched
  join tvshow.episodes on episodes.id = watched.episode_id
  where watched.user_id = @user_id
    and not watched.is_completed
    and watched.progress_seconds > 0
  order by
    episodes.series_id,
    watched.last_watched_at desc,
    episodes.season_number desc,
    episodes.episode_number desc
) as latest
join tvshow.series on series.id = latest.series_id
order by latest.last_watched_at desc, series.id
limit @limit;

-- name: ListWatchedEpisodesByUser :many
-- A page of the episodes a user has completed, latest watched first, with what is shown of them and
-- their series.
select
  watched.*,
  episodes.season_number,
  episodes.episode_number,
  episodes.title as episode_title,
  episodes.still_path as episode_still_path,
  series.id as series_id,
  series.title as series_title,
  series.poster_path as series_poster_path
from tvshow.episode_watched as watched
join tvshow.episodes on episodes.id = watched.episode_id
join tvshow.series on series.id = episodes.series_id
where watched.user_id = @user_id
  and watched.is_completed
order by watched.last_watched_at desc, watched.id
limit @limit
offset @offset;

-- name: GetSeriesWatchStats :one
-- How far a user is through a series: episodes completed, episodes begun, viewings altogether, and
-- how many episodes there are. There is a row even when nothing was watched.
-- @params user_id, series_id
select
  count(*) filter (where watched.is_completed) as watched_count,
  count(*) filter (
    where not watched.is_completed and watched.progress_seconds > 0
  ) as in_progress_count,
  coalesce(sum(watched.watch_count), 0) as total_watches,
  (
    select count(*)
    from tvshow.episodes
    where episodes.series_id = @series_id
  ) as total_episodes
from tvshow.episode_watched as watched
join tvshow.episodes on episodes.id = watched.episode_id
where watched.user_id = @user_id
  and episodes.series_id = @series_id;

-- name: GetUserTVStats :one
-- What a user has watched: series touched, episodes completed and begun, viewings altogether. Every
-- user gets a row, with zeros when there is nothing.
select
  count(distinct episodes.series_id) as series_count,
  count(*) filter (where watched.is_completed) as episodes_watched,
  count(*) filter (
    where not watched.is_completed and watched.progress_seconds > 0
  ) as episodes_in_progress,
  coalesce(sum(watched.watch_count), 0) as total_watches
from tvshow.episode_watched as watched
join tvshow.episodes on episodes.id = watched.episode_id
where watched.user_id = @user_id;

-- name: CreateOrUpdateWatchProgress :one
-- Records how far a user is into an episode. watch_count counts completed viewings: it grows only
-- when a write turns the episode from not completed to completed.
insert into tvshow.episode_watched as stored (
  user_id, episode_id, progress_seconds, duration_seconds, is_completed, watch_count,
  last_watched_at
) values (
  @user_id, @episode_id, @progress_seconds, @duration_seconds, @is_completed,
  case when @is_completed then 1 else 0 end, now()
)
on conflict (user_id, episode_id) do update
set
  progress_seconds = excluded.progress_seconds,
  duration_seconds = excluded.duration_seconds,
  is_completed = excluded.is_completed,
  watch_count = stored.watch_count
    + case when excluded.is_completed and not stored.is_completed then 1 else 0 end,
  last_watched_at = now()
returning *;

-- name: MarkEpisodeWatched :one
-- Records one more completed viewing of an episode that is progress_seconds long.
insert into tvshow.episode_watched as stored (
  user_id, episode_id, progress_seconds, duration_seconds, is_completed, watch_count,
  last_watched_at
) values (
  @user_id, @episode_id, @progress_seconds, @progress_seconds, true, 1, now()
)
on conflict (user_id, episode_id) do update
set
  progress_seconds = excluded.progress_seconds,
  duration_seconds = excluded.duration_seconds,
  is_completed = true,
  watch_count = stored.watch_count + 1,
  last_watched_at = now()
returning *;

-- name: DeleteWatchProgress :exec
-- Forgets that a user ever watched an episode, viewing count included.
delete from tvshow.episode_watched
where user_id = @user_id
  and episode_id = @episode_id;

-- name: DeleteSeriesWatchProgress :exec
-- Forgets that a user ever watched any episode of a series.
delete from tvshow.episode_watched as watched
using tvshow.episodes
where watched.user_id = @user_id
  and episodes.id = watched.episode_id
  and episodes.series_id = @series_id;

-- name: MarkEpisodesWatchedBulk :execrows
-- Records one more completed viewing of each of these episodes; unknown ids are passed over. An
-- episode of unknown length counts as 45 minutes.
insert into tvshow.episode_watched as stored (
  user_id, episode_id, progress_seconds, duration_seconds, is_completed, watch_count,
  last_watched_at
)
select
  @user_id,
  episodes.id,
  coalesce(episodes.runtime * 60, 2700),
  coalesce(episodes.runtime * 60, 2700),
  true,
  1,
  now()
from tvshow.episodes
where episodes.id = any (@episode_ids::uuid[])
on conflict (user_id, episode_id) do update
set
  progress_seconds = excluded.progress_seconds,
  duration_seconds = excluded.duration_seconds,
  is_completed = true,
  watch_count = stored.watch_count + 1,
  last_watched_at = now();

-- name: GetNextUnwatchedEpisode :one
-- The first episode of a series that a user has not completed.
-- @params user_id, series_id
select *
from tvshow.episodes
where series_id = @series_id
  and not exists (
    select 1
    from tvshow.episode_watched as watched
    where watched.user_id = @user_id
      and watched.episode_id = episodes.id
      and watched.is_completed
  )
order by season_number, episode_number
limit 1;
