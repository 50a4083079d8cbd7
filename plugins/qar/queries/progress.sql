-- How far users are into voyages and expeditions, and what they watched when.

-- name: SaveVoyageProgress :one
-- Records how far a user is into a voyage. watch_count counts completed viewings: it grows,
-- and completed_at moves, only when a write turns the voyage from not completed to completed.
insert into qar.watch_progress as stored (
  user_id, voyage_id, progress_seconds, duration_seconds, is_completed, watch_count,
  completed_at
) values (
  @user_id, @voyage_id, @progress_seconds, @duration_seconds, @is_completed,
  case when @is_completed then 1 else 0 end,
  case when @is_completed then now() end
)
on conflict (user_id, voyage_id) where voyage_id is not null do update
set
  progress_seconds = excluded.progress_seconds,
  duration_seconds = excluded.duration_seconds,
  is_completed = excluded.is_completed,
  last_watched_at = now(),
  watch_count = case
    when excluded.is_completed and not stored.is_completed then stored.watch_count + 1
    else stored.watch_count
  end,
  completed_at = case
    when excluded.is_completed and not stored.is_completed then now()
    else stored.completed_at
  end
returning *;

-- name: SaveExpeditionProgress :one
-- Records how far a user is into an expedition. watch_count counts completed viewings: it grows,
-- and completed_at moves, only when a write turns the expedition from not completed to completed.
insert into qar.watch_progress as stored (
  user_id, expedition_id, progress_seconds, duration_seconds, is_completed, watch_count,
  completed_at
) values (
  @user_id, @expedition_id, @progress_seconds, @duration_seconds, @is_completed,
  case when @is_completed then 1 else 0 end,
  case when @is_completed then now() end
)
on conflict (user_id, expedition_id) where expedition_id is not null do update
set
  progress_seconds = excluded.progress_seconds,
  duration_seconds = excluded.duration_seconds,
  is_completed = excluded.is_completed,
  last_watched_at = now(),
  watch_count = case
    when excluded.is_completed and not stored.is_completed then stored.watch_count + 1
    else stored.watch_count
  end,
  completed_at = case
    when excluded.is_completed and not stored.is_completed then now()
    else stored.completed_at
  end
returning *;

-- name: GetVoyageProgress :one
-- How far a user is into a voyage.
select *
from qar.watch_progress
where user_id = @user_id
  and voyage_id = @voyage_id;

-- name: ListContinueVoyages :many
-- The live voyages a user has begun and not completed, latest watched first.
select
  voyages.*,
  progress.progress_seconds,
  progress.duration_seconds,
  progress.last_watched_at
from qar.voyages
join qar.watch_progress as progress on progress.voyage_id = voyages.id
where progress.user_id = @user_id
  and not progress.is_completed
  and progress.progress_seconds > 0
  and voyages.deleted_at is null
order by progress.last_watched_at desc, voyages.id
limit @limit;

-- name: DeleteVoyageProgress :execrows
-- Forgets how far a user is into a voyage, viewing count included.
delete from qar.watch_progress
where user_id = @user_id
  and voyage_id = @voyage_id;

-- name: DeleteUserProgress :execrows
-- Forgets how far a user is into anything.
delete from qar.watch_progress
where user_id = @user_id;

-- name: AppendVoyageLog :one
-- Adds to a user's history that a voyage was watched now.
insert into qar.voyage_log (
  user_id, voyage_id, position_seconds, completed
) values (
  @user_id, @voyage_id, @position_seconds, @completed
)
returning *;

-- name: ListVoyageLog :many
-- A page of a user's history with live voyages, latest first.
select
  log.*,
  voyages.title
from qar.voyage_log as log
join qar.voyages on voyages.id = log.voyage_id
where log.user_id = @user_id
  and voyages.deleted_at is null
order by log.watched_at desc, log.id
limit @limit
offset @offset;

-- name: DeleteVoyageLogBefore :execrows
-- Removes a user's history from before the given instant.
delete from qar.voyage_log
where user_id = @user_id
  and watched_at < @before;

-- name: GetUserProgressStats :one
-- What a user has watched: completed, begun and not completed, and viewings altogether. Every user
-- gets a row, with zeros when there is nothing.
select
  count(*) filter (where is_completed) as completed_count,
  count(*) filter (where not is_completed and progress_seconds > 0) as in_progress_count,
  coalesce(sum(watch_count), 0) as total_watches
from qar.watch_progress
where user_id = @user_id;
