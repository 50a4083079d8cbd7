-- Tokens by which users stay signed in, reset their password and confirm their address, and the
-- attempts to sign in that failed. Of every token only a hash is stored.

-- name: CreateAuthToken :one
-- Adds a token of a user, of a session when one is given.
-- @sensitive token_hash, device_fingerprint
-- @loggable token_type
-- @since 104
insert into shared.auth_tokens (
  user_id, token_hash, token_type, device_name, device_fingerprint, ip_address, user_agent,
  expires_at, session_id
) values (
  @user_id, @token_hash, @token_type, sqlc.narg(device_name), sqlc.narg(device_fingerprint),
  sqlc.narg(ip_address), sqlc.narg(user_agent), @expires_at, sqlc.narg(session_id)
)
returning *;

-- name: GetAuthTokenByHash :one
-- The token with this hash, neither revoked nor expired.
-- @sensitive token_hash
-- @since 104
select *
from shared.auth_tokens
where token_hash = @token_hash
  and revoked_at is null
  and expires_at > now();

-- name: GetAuthTokensByUserID :many
-- The tokens of a user that are neither revoked nor expired, newest first.
-- @since 104
select *
from shared.auth_tokens
where user_id = @user_id
  and revoked_at is null
  and expires_at > now()
order by created_at desc, id
limit 10000;

-- name: GetAuthTokensByDeviceFingerprint :many
-- The tokens of a user on one device that are neither revoked nor expired, newest first.
-- @sensitive device_fingerprint
-- @since 104
select *
from shared.auth_tokens
where user_id = @user_id
  and device_fingerprint = @device_fingerprint
  and revoked_at is null
  and expires_at > now()
order by created_at desc, id
limit 10000;

-- name: UpdateAuthTokenLastUsed :exec
-- Notes that a token was used now.
update shared.auth_tokens
set
  last_used_at = now(),
  updated_at = now()
where id = @id;

-- name: RevokeAuthToken :exec
-- Revokes a token now; of one that was revoked the time changes.
update shared.auth_tokens
set
  revoked_at = now(),
  updated_at = now()
where id = @id;

-- name: RevokeAuthTokenByHash :exec
-- Revokes the token with this hash now; of one that was revoked the time changes.
-- @sensitive token_hash
update shared.auth_tokens
set
  revoked_at = now(),
  updated_at = now()
where token_hash = @token_hash;

-- name: RevokeAllUserAuthTokens :exec
-- Revokes every token of a user.
update shared.auth_tokens
set
  revoked_at = now(),
  updated_at = now()
where user_id = @user_id
  and revoked_at is null;

-- name: RevokeAllUserAuthTokensExcept :exec
-- Revokes every token of a user but one.
update shared.auth_tokens
set
  revoked_at = now(),
  updated_at = now()
where user_id = @user_id
  and id <> @except_id
  and revoked_at is null;

-- name: DeleteExpiredAuthTokens :exec
-- Removes the tokens that have expired, revoked or not.
delete from shared.auth_tokens
where expires_at < now();

-- name: DeleteRevokedAuthTokens :exec
-- Removes the tokens that were revoked more than 30 days ago.
delete from shared.auth_tokens
where revoked_at < now() - interval '30 days';

-- name: CountActiveAuthTokensByUser :one
-- How many tokens of a user are neither revoked nor expired.
select count(*)
from shared.auth_tokens
where user_id = @user_id
  and revoked_at is null
  and expires_at > now();

-- name: CreatePasswordResetToken :one
-- Adds a token by which a user may set a new password once.
-- @sensitive token_hash
insert into shared.password_reset_tokens (
  user_id, token_hash, ip_address, user_agent, expires_at
) values (
  @user_id, @token_hash, sqlc.narg(ip_address), sqlc.narg(user_agent), @expires_at
)
returning *;

-- name: GetPasswordResetToken :one
-- The password reset token with this hash, neither used nor expired.
-- @sensitive token_hash
select *
from shared.password_reset_tokens
where token_hash = @token_hash
  and used_at is null
  and expires_at > now();

-- name: MarkPasswordResetTokenUsed :exec
-- Notes that a password reset token was used now, even one that was used before.
update shared.password_reset_tokens
set used_at = now()
where id = @id;

-- name: InvalidateUserPasswordResetTokens :exec
-- Takes every password reset token of a user out of use.
update shared.password_reset_tokens
set used_at = now()
where user_id = @user_id
  and used_at is null;

-- name: DeleteExpiredPasswordResetTokens :exec
-- Removes the password reset tokens that have expired.
delete from shared.password_reset_tokens
where expires_at < now();

-- name: DeleteUsedPasswordResetTokens :exec
-- Removes the password reset tokens that were used more than 7 days ago.
delete from shared.password_reset_tokens
where used_at < now() - interval '7 days';

-- name: CreateEmailVerificationToken :one
-- Adds a token by which a user confirms an address.
-- @sensitive token_hash, email
insert into shared.email_verification_tokens (
  user_id, token_hash, email, ip_address, user_agent, expires_at
) values (
  @user_id, @token_hash, @email, sqlc.narg(ip_address), sqlc.narg(user_agent), @expires_at
)
returning *;

-- name: GetEmailVerificationToken :one
-- The verification token with this hash, neither used nor expired.
-- @sensitive token_hash
select *
from shared.email_verification_tokens
where token_hash = @token_hash
  and verified_at is null
  and expires_at > now();

-- name: MarkEmailVerificationTokenUsed :exec
-- Notes that an address was confirmed now, even one that was before.
update shared.email_verification_tokens
set verified_at = now()
where id = @id;

-- name: InvalidateUserEmailVerificationTokens :exec
-- Takes every verification token of a user out of use.
update shared.email_verification_tokens
set verified_at = now()
where user_id = @user_id
  and verified_at is null;

-- name: InvalidateEmailVerificationTokensByEmail :exec
-- Takes every verification token for exactly this address out of use.
-- @sensitive email
update shared.email_verification_tokens
set verified_at = now()
where email = @email::text
  and verified_at is null;

-- name: DeleteExpiredEmailVerificationTokens :exec
-- Removes the verification tokens that have expired.
delete from shared.email_verification_tokens
where expires_at < now();

-- name: DeleteVerifiedEmailTokens :exec
-- Removes the verification tokens that were used more than 7 days ago.
delete from shared.email_verification_tokens
where verified_at < now() - interval '7 days';

-- name: RecordFailedLoginAttempt :exec
-- Notes that somebody failed to sign in now.
insert into shared.failed_login_attempts (
  username, ip_address
) values (
  @username, @ip_address
);

-- name: CountFailedLoginAttemptsByUsername :one
-- How often somebody has failed to sign in under exactly this name since an instant, which does not
-- count itself.
select count(*)
from shared.failed_login_attempts
where username = @username
  and attempted_at > @since;

-- name: CountFailedLoginAttemptsByIP :one
-- How often somebody has failed to sign in from exactly this address since an instant, which does
-- not count itself.
select count(*)
from shared.failed_login_attempts
where ip_address = @ip_address
  and attempted_at > @since;

-- name: ClearFailedLoginAttemptsByUsername :exec
-- Forgets every failed attempt under exactly this name.
delete from shared.failed_login_attempts
where username = @username;

-- name: DeleteOldFailedLoginAttempts :exec
-- Forgets the failed attempts of more than 24 hours ago.
delete from shared.failed_login_attempts
where attempted_at < now() - interval '24 hours';
