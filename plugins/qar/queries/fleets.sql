-- Fleets, the libraries of this domain, and the scans of their folders.

-- name: CreateFleet :one
-- Adds a fleet. Two fleets of one name are an error.
-- @loggable fleet_type
insert into qar.fleets (
  name, fleet_type, paths, enabled, fingerprint_on_scan, owner_user_id
) values (
  @name, @fleet_type, @paths, @enabled, @fingerprint_on_scan, sqlc.narg(owner_user_id)
)
returning *;

-- name: GetFleet :one
-- The fleet with this id.
select *
from qar.fleets
where id = @id;

-- name: ListFleets :many
-- A page of all fleets by name.
select *
from qar.fleets
order by name, id
limit @limit
offset @offset;

-- name: ListEnabledFleetsByType :many
-- The enabled fleets of one type by name, at most 1000.
-- @loggable fleet_type
select *
from qar.fleets
where fleet_type = @fleet_type
  and enabled
order by name
limit 1000;

-- name: UpdateFleet :one
-- Changes a fleet; a null parameter keeps the stored value. Its type is for good.
-- @params id, name, paths, enabled, fingerprint_on_scan
update qar.fleets
set
  name = coalesce(sqlc.narg(name), name),
  paths = coalesce(sqlc.narg(paths), paths),
  enabled = coalesce(sqlc.narg(enabled), enabled),
  fingerprint_on_scan = coalesce(sqlc.narg(fingerprint_on_scan), fingerprint_on_scan)
where id = @id
returning *;

-- name: DeleteFleet :execrows
-- Removes a fleet with everything in it, for good.
delete from qar.fleets
where id = @id;

-- name: GetFleetCounts :one
-- How many live expeditions, voyages and treasures a fleet has; zeros for an unknown one.
select
  (
    select count(*) from qar.expeditions where fleet_id = @id and deleted_at is null
  ) as expedition_count,
  (
    select count(*) from qar.voyages where fleet_id = @id and deleted_at is null
  ) as voyage_count,
  (
    select count(*) from qar.treasures where fleet_id = @id and deleted_at is null
  ) as treasure_count;

-- name: StartFleetScan :one
-- Begins a scan of a fleet. No row comes back while one is running.
insert into qar.fleet_scans (
  fleet_id, status, started_at
) values (
  @fleet_id, 'running', now()
)
on conflict (fleet_id) where status = 'running' do nothing
returning *;

-- name: UpdateFleetScanProgress :execrows
-- Sets the five counters of a scan, as long as it is running.
-- @params id, items_found, items_added, items_updated, items_removed, errors_count
update qar.fleet_scans
set
  items_found = @items_found,
  items_added = @items_added,
  items_updated = @items_updated,
  items_removed = @items_removed,
  errors_count = @errors_count
where id = @id
  and status = 'running';

-- name: FinishFleetScan :one
-- Closes a pending or running scan with its final status: completed, failed or cancelled. No row
-- comes back when it is closed already.
-- @params id, status, error_message
-- @loggable status
update qar.fleet_scans
set
  status = @status,
  error_message = sqlc.narg(error_message),
  finished_at = now()
where id = @id
  and status in ('pending', 'running')
returning *;

-- name: ListFleetScans :many
-- A page of the scans of a fleet, newest first.
select *
from qar.fleet_scans
where fleet_id = @fleet_id
order by created_at desc, id
limit @limit
offset @offset;
