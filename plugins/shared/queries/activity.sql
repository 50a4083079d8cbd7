-- The audit log: writing entries, reading them back by filter, and pruning old ones.

-- name: CreateActivityLog :one
-- Writes one audit entry. A null success is stored as null and then counts as neither outcome.
-- @loggable action
-- @loggable resource_type
insert into public.activity_log (
  user_id, username, action, resource_type, resource_id, changes, metadata, ip_address, user_agent,
  success, error_message
) values (
  sqlc.narg(user_id), sqlc.narg(username), @action, sqlc.narg(resource_type),
  sqlc.narg(resource_id), sqlc.narg(changes), sqlc.narg(metadata), sqlc.narg(ip_address),
  sqlc.narg(user_agent), sqlc.narg(success), sqlc.narg(error_message)
)
returning *;

-- name: GetActivityLog :one
-- The audit entry with this id.
select *
from public.activity_log
where id = @id;

-- name: ListActivityLogs :many
-- A page of all audit entries, newest first.
select *
from public.activity_log
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountActivityLogs :one
-- How many audit entries there are.
select count(*)
from public.activity_log;

-- name: SearchActivityLogs :many
-- A page of the audit entries that pass every filter given, newest first. A null filter is
-- skipped; both ends of the time span belong to it.
-- @loggable action
-- @loggable resource_type
select *
from public.activity_log
where (sqlc.narg(user_id)::uuid is null or user_id = sqlc.narg(user_id))
  and (sqlc.narg(action)::varchar is null or action = sqlc.narg(action))
  and (sqlc.narg(resource_type)::varchar is null or resource_type = sqlc.narg(resource_type))
  and (sqlc.narg(resource_id)::uuid is null or resource_id = sqlc.narg(resource_id))
  and (sqlc.narg(success)::boolean is null or success = sqlc.narg(success))
  and (sqlc.narg(start_time)::timestamptz is null or created_at >= sqlc.narg(start_time))
  and (sqlc.narg(end_time)::timestamptz is null or created_at <= sqlc.narg(end_time))
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountSearchActivityLogs :one
-- How many audit entries SearchActivityLogs would page over with the same filters.
-- @loggable action
-- @loggable resource_type
select count(*)
from public.activity_log
where (sqlc.narg(user_id)::uuid is null or user_id = sqlc.narg(user_id))
  and (sqlc.narg(action)::varchar is null or action = sqlc.narg(action))
  and (sqlc.narg(resource_type)::varchar is null or resource_type = sqlc.narg(resource_type))
  and (sqlc.narg(resource_id)::uuid is null or resource_id = sqlc.narg(resource_id))
  and (sqlc.narg(success)::boolean is null or success = sqlc.narg(success))
  and (sqlc.narg(start_time)::timestamptz is null or created_at >= sqlc.narg(start_time))
  and (sqlc.narg(end_time)::timestamptz is null or created_at <= sqlc.narg(end_time));

-- name: GetUserActivityLogs :many
-- A page of the audit entries of one user, newest first.
select *
from public.activity_log
where user_id = @user_id
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountUserActivityLogs :one
-- How many audit entries one user has.
select count(*)
from public.activity_log
where user_id = @user_id;

-- name: GetResourceActivityLogs :many
-- A page of the audit entries about one resource, newest first.
-- @loggable resource_type
select *
from public.activity_log
where resource_type = @resource_type
  and resource_id = @resource_id
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountResourceActivityLogs :one
-- How many audit entries one resource has.
-- @loggable resource_type
select count(*)
from public.activity_log
where resource_type = @resource_type
  and resource_id = @resource_id;

-- name: GetFailedActivityLogs :many
-- A page of the audit entries that record a failure, newest first.
select *
from public.activity_log
where success = false
order by created_at desc, id
limit @limit
offset @offset;

-- name: GetActivityLogsByAction :many
-- A page of the audit entries of one action, newest first.
-- @loggable action
select *
from public.activity_log
where action = @action
order by created_at desc, id
limit @limit
offset @offset;

-- name: GetActivityLogsByIP :many
-- A page of the audit entries from one address, newest first. The netmask is part of the
-- comparison: a host address does not match the network it lies in.
select *
from public.activity_log
where ip_address = @ip_address
order by created_at desc, id
limit @limit
offset @offset;

-- name: DeleteOldActivityLogs :execrows
-- Removes the audit entries from before the given instant and tells how many.
delete from public.activity_log
where created_at < @before;

-- name: GetOldActivityLogsCount :one
-- How many audit entries DeleteOldActivityLogs would remove for the same instant.
select count(*)
from public.activity_log
where created_at < @before;

-- name: GetActivityLogStats :one
-- Totals over the whole audit log and the span it covers; the span is null when it is empty.
select
  count(*) as total_count,
  count(*) filter (where success = true) as success_count,
  count(*) filter (where success = false) as failed_count,
  min(created_at) as oldest_entry,
  max(created_at) as newest_entry
from public.activity_log;

-- name: GetRecentActions :many
-- The actions of the last seven days with how often each occurred, most frequent first.
select
  action,
  count(*) as count
from public.activity_log
where created_at > now() - interval '7 days'
group by action
order by count(*) desc, action
limit @limit;
