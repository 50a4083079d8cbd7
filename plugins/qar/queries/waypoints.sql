-- Waypoints, the time markers in a voyage.

-- name: CreateWaypoint :one
-- Adds a waypoint. It must not end before it starts.
insert into qar.voyage_waypoints (
  voyage_id, flag_id, title, start_seconds, end_seconds, external_id
) values (
  @voyage_id, sqlc.narg(flag_id), sqlc.narg(title), @start_seconds, sqlc.narg(end_seconds),
  sqlc.narg(external_id)
)
returning *;

-- name: ListWaypoints :many
-- The waypoints of a voyage in order of time, at most 1000.
select *
from qar.voyage_waypoints
where voyage_id = @voyage_id
order by start_seconds, id
limit 1000;

-- name: UpdateWaypoint :one
-- Changes a waypoint; a null parameter keeps the stored value.
-- @params id, flag_id, title, start_seconds, end_seconds
update qar.voyage_waypoints
set
  flag_id = coalesce(sqlc.narg(flag_id), flag_id),
  title = coalesce(sqlc.narg(title), title),
  start_seconds = coalesce(sqlc.narg(start_seconds), start_seconds),
  end_seconds = coalesce(sqlc.narg(end_seconds), end_seconds)
where id = @id
returning *;

-- name: DeleteWaypoint :execrows
-- Removes a waypoint.
delete from qar.voyage_waypoints
where id = @id;
