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
order by stat_key;

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
