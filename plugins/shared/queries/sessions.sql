-- Login sessions, addressed by id or by the hash of a token; no token itself is ever stored.
-- Active means neither revoked nor expired.

-- name: CreateSession :one
-- Opens a session whose last activity is now and whose second factor is still unverified.
-- @sensitive token_hash
-- @sensitive refresh_token_hash
insert into shared.sessions (
  user_id, token_hash, refresh_token_hash, ip_address, user_agent, device_name, scopes, expires_at,
  last_activity_at
) values (
  @user_id, @token_hash, sqlc.narg(refresh_token_hash), sqlc.narg(ip_address),
  sqlc.narg(user_agent), sqlc.narg(device_name), sqlc.narg(scopes), @expires_at, now()
)
returning *;

-- name: GetSessionByTokenHash :one
-- The active session behind an access token.
-- @sensitive token_hash
select *
from shared.sessions
where token_hash = @token_hash
  and revoked_at is null
  and expires_at > now();

-- name: GetSessionByID :one
-- The session with this id unless it was revoked. It may have expired: check expires_at.
select *
from shared.sessions
where id = @id
  and revoked_at is null;

-- name: GetSessionByRefreshTokenHash :one
-- The active session behind a refresh token.
-- @sensitive refresh_token_hash
select *
from shared.sessions
where refresh_token_hash = @refresh_token_hash
  and revoked_at is null
  and expires_at > now();

-- name: ListUserSessions :many
-- All active sessions of a user, most recently used first.
select *
from shared.sessions
where user_id = @user_id
  and revoked_at is null
  and expires_at > now()
order by last_activity_at desc, id
limit 10000;

-- name: ListAllUserSessions :many
-- All unrevoked sessions of a user, expired ones included, most recently used first.
select *
from shared.sessions
where user_id = @user_id
  and revoked_at is null
order by last_activity_at desc, id
limit 10000;

-- name: CountActiveUserSessions :one
-- How many active sessions a user has.
select count(*)
from shared.sessions
where user_id = @user_id
  and revoked_at is null
  and expires_at > now();

-- name: CountAllActiveSessions :one
-- How many active sessions there are over all users.
select count(*)
from shared.sessions
where revoked_at is null
  and expires_at > now();

-- name: UpdateSessionActivity :exec
-- Notes a use of an unrevoked session; expiry is not extended.
update shared.sessions
set last_activity_at = now()
where id = @id
  and revoked_at is null;

-- name: UpdateSessionActivityByTokenHash :exec
-- As UpdateSessionActivity, addressed by the token hash.
-- @sensitive token_hash
update shared.sessions
set last_activity_at = now()
where token_hash = @token_hash
  and revoked_at is null;

-- name: RevokeSession :exec
-- Revokes a session now. Revoking again replaces the earlier time and reason.
-- @params id, reason
update shared.sessions
set
  revoked_at = now(),
  revoke_reason = sqlc.narg(reason)
where id = @id;

-- name: RevokeSessionByTokenHash :exec
-- As RevokeSession, addressed by the token hash.
-- @params token_hash, reason
-- @sensitive token_hash
update shared.sessions
set
  revoked_at = now(),
  revoke_reason = sqlc.narg(reason)
where token_hash = @token_hash;

-- name: RevokeAllUserSessions :exec
-- Revokes every session of a user that is not revoked yet.
-- @params user_id, reason
update shared.sessions
set
  revoked_at = now(),
  revoke_reason = sqlc.narg(reason)
where user_id = @user_id
  and revoked_at is null;

-- name: RevokeAllUserSessionsExcept :exec
-- As RevokeAllUserSessions but sparing one session, usually the one that asks.
-- @params user_id, except_id, reason
update shared.sessions
set
  revoked_at = now(),
  revoke_reason = sqlc.narg(reason)
where user_id = @user_id
  and id <> @except_id
  and revoked_at is null;

-- name: DeleteExpiredSessions :execrows
-- Removes sessions that expired more than 30 days ago and tells how many.
delete from shared.sessions
where expires_at < now() - interval '30 days';

-- name: DeleteRevokedSessions :execrows
-- Removes sessions that were revoked more than 30 days ago and tells how many.
delete from shared.sessions
where revoked_at < now() - interval '30 days';

-- name: GetInactiveSessions :many
-- Active sessions not used since the given instant, longest idle first.
select *
from shared.sessions
where last_activity_at < @inactive_since
  and revoked_at is null
  and expires_at > now()
order by last_activity_at, id
limit 10000;

-- name: RevokeInactiveSessions :exec
-- Revokes every unrevoked session, expired ones too, not used since the given instant.
update shared.sessions
set
  revoked_at = now(),
  revoke_reason = 'Inactivity timeout'
where last_activity_at < @inactive_since
  and revoked_at is null;

-- name: MarkSessionMFAVerified :exec
-- Notes that an unrevoked session passed its second factor now.
update shared.sessions
set
  mfa_verified = true,
  mfa_verified_at = now()
where id = @id
  and revoked_at is null;

-- name: MarkSessionMFAVerifiedByTokenHash :exec
-- As MarkSessionMFAVerified, addressed by the token hash.
-- @sensitive token_hash
update shared.sessions
set
  mfa_verified = true,
  mfa_verified_at = now()
where token_hash = @token_hash
  and revoked_at is null;

-- name: GetMFAVerifiedSessions :many
-- Active sessions of a user that passed their second factor, latest verification first.
select *
from shared.sessions
where user_id = @user_id
  and mfa_verified = true
  and revoked_at is null
  and expires_at > now()
order by mfa_verified_at desc, id
limit 10000;
