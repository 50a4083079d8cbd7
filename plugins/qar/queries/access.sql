-- Who may enter: the check before every other query of this domain, PINs, grants (a session
-- unlocked for a time) and the audit log. Run CheckAccess in the transaction of what it guards.

-- name: CheckAccess :one
-- Whether a user may enter with a session; there is always an answer. enabled: the user is live,
-- active and has the flag. scoped: the session is the user's, open, and carries the scope
-- legacy:read. unlocked: the session has an open grant. Access needs the first two, and the third
-- where a PIN is asked for.
select
  exists (
    select 1
    from shared.users
    where id = @user_id
      and deleted_at is null
      and is_active
      and qar_enabled
  ) as enabled,
  exists (
    select 1
    from shared.sessions
    where id = @session_id
      and user_id = @user_id
      and revoked_at is null
      and expires_at > now()
      and 'legacy:read' = any(scopes)
  ) as scoped,
  exists (
    select 1
    from qar.access_grants
    where session_id = @session_id
      and user_id = @user_id
      and revoked_at is null
      and expires_at > now()
  ) as unlocked;

-- name: UpsertAccessPin :one
-- Sets a user's PIN, given as its Argon2id hash. A new PIN starts without failures or lock.
-- @sensitive pin_hash
insert into qar.access_pins (
  user_id, pin_hash
) values (
  @user_id, @pin_hash
)
on conflict (user_id) do update
set
  pin_hash = excluded.pin_hash,
  failed_attempts = 0,
  locked_until = null,
  changed_at = now()
returning *;

-- name: GetAccessPin :one
-- The PIN row of a user.
select *
from qar.access_pins
where user_id = @user_id;

-- name: RecordPinFailure :one
-- Counts a wrong PIN; from max_attempts on each one locks for lock_seconds from now.
-- @params user_id, max_attempts, lock_seconds
update qar.access_pins
set
  failed_attempts = failed_attempts + 1,
  locked_until = case
    when failed_attempts + 1 >= @max_attempts then now() + make_interval(secs => @lock_seconds)
    else locked_until
  end
where user_id = @user_id
returning *;

-- name: ResetPinFailures :execrows
-- Forgets failures and lock, after a right PIN.
update qar.access_pins
set
  failed_attempts = 0,
  locked_until = null
where user_id = @user_id;

-- name: DeleteAccessPin :execrows
-- Removes a user's PIN.
delete from qar.access_pins
where user_id = @user_id;

-- name: CreateAccessGrant :one
-- Unlocks a session until expires_at; one that is unlocked already is renewed. No row comes back
-- when it was another user who unlocked it.
insert into qar.access_grants as stored (
  user_id, session_id, expires_at
) values (
  @user_id, @session_id, @expires_at
)
on conflict (session_id) where revoked_at is null do update
set
  granted_at = now(),
  expires_at = excluded.expires_at
where stored.user_id = excluded.user_id
returning *;

-- name: RevokeAccessGrant :execrows
-- Locks a session: the way to hide everything at once, and to log out.
update qar.access_grants
set revoked_at = now()
where session_id = @session_id
  and revoked_at is null;

-- name: RevokeUserAccessGrants :execrows
-- Locks every session of a user.
update qar.access_grants
set revoked_at = now()
where user_id = @user_id
  and revoked_at is null;

-- name: DeleteExpiredAccessGrants :execrows
-- Removes the grants whose time is over, revoked or not.
delete from qar.access_grants
where expires_at < now();

-- name: AppendAccessLog :exec
-- Writes an audit entry, for what was allowed and for what was not.
-- @loggable action, resource_type, reason
insert into qar.access_log (
  user_id, session_id, action, resource_type, resource_id, allowed, reason, ip_address, user_agent
) values (
  sqlc.narg(user_id), sqlc.narg(session_id), @action, sqlc.narg(resource_type),
  sqlc.narg(resource_id), @allowed, sqlc.narg(reason), sqlc.narg(ip_address),
  sqlc.narg(user_agent)
);

-- name: ListAccessLog :many
-- A page of the audit entries that pass every filter given, newest first. A null filter is
-- skipped; from_time belongs to the span, to_time does not.
select *
from qar.access_log
where (sqlc.narg(user_id)::uuid is null or user_id = sqlc.narg(user_id))
  and (sqlc.narg(allowed)::boolean is null or allowed = sqlc.narg(allowed))
  and (sqlc.narg(from_time)::timestamptz is null or created_at >= sqlc.narg(from_time))
  and (sqlc.narg(to_time)::timestamptz is null or created_at < sqlc.narg(to_time))
order by created_at desc, id desc
limit @limit
offset @offset;

-- name: CountAccessLog :one
-- How many audit entries ListAccessLog would page over with the same filters.
select count(*)
from qar.access_log
where (sqlc.narg(user_id)::uuid is null or user_id = sqlc.narg(user_id))
  and (sqlc.narg(allowed)::boolean is null or allowed = sqlc.narg(allowed))
  and (sqlc.narg(from_time)::timestamptz is null or created_at >= sqlc.narg(from_time))
  and (sqlc.narg(to_time)::timestamptz is null or created_at < sqlc.narg(to_time));

-- name: DeleteAccessLogBefore :execrows
-- Removes the audit entries from before the given instant. Nothing else removes any.
delete from qar.access_log
where created_at < @before;
