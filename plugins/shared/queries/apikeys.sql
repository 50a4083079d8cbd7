-- API keys: what programs sign in with. Only a hash is stored; the prefix is what a user sees.

-- name: CreateAPIKey :one
-- Adds an active key of a user. Without expires_at it does not expire.
-- @sensitive key_hash
insert into shared.api_keys (
  user_id, name, description, key_hash, key_prefix, scopes, expires_at
) values (
  @user_id, @name, sqlc.narg(description), @key_hash, @key_prefix, @scopes, sqlc.narg(expires_at)
)
returning *;

-- name: GetAPIKey :one
-- The key with this id, in any state.
select *
from shared.api_keys
where id = @id;

-- name: GetAPIKeyByHash :one
-- The key with this hash, as long as it can be used: active and not expired.
-- @sensitive key_hash
select *
from shared.api_keys
where key_hash = @key_hash
  and is_active
  and (expires_at is null or expires_at > now());

-- name: GetAPIKeyByPrefix :one
-- The key with this prefix, as long as it can be used: active and not expired. Nothing keeps
-- prefixes unique: of several keys the one stored first is returned.
select *
from shared.api_keys
where key_prefix = @key_prefix
  and is_active
  and (expires_at is null or expires_at > now())
order by created_at, id
limit 1;

-- name: ListUserAPIKeys :many
-- All keys of a user in any state, newest first.
select *
from shared.api_keys
where user_id = @user_id
order by created_at desc, id
limit 10000;

-- name: ListActiveUserAPIKeys :many
-- The keys of a user that were not revoked, expired ones included, newest first.
select *
from shared.api_keys
where user_id = @user_id
  and is_active
order by created_at desc, id
limit 10000;

-- name: CountUserAPIKeys :one
-- How many keys of a user were not revoked, expired ones included.
select count(*)
from shared.api_keys
where user_id = @user_id
  and is_active;

-- name: RevokeAPIKey :exec
-- Takes a key out of use.
update shared.api_keys
set
  is_active = false,
  updated_at = now()
where id = @id;

-- name: UpdateAPIKeyLastUsed :exec
-- Notes that a key was used now.
update shared.api_keys
set
  last_used_at = now(),
  updated_at = now()
where id = @id;

-- name: UpdateAPIKeyScopes :exec
-- Replaces what a key may be used for.
-- @params id, scopes
update shared.api_keys
set
  scopes = @scopes,
  updated_at = now()
where id = @id;

-- name: DeleteAPIKey :exec
-- Removes a key.
delete from shared.api_keys
where id = @id;

-- name: DeleteExpiredAPIKeys :exec
-- Removes the keys that have expired, revoked or not.
delete from shared.api_keys
where expires_at < now();

-- name: GetAPIKeyLastUsedAt :one
-- When a key was used last; null for never.
select last_used_at
from shared.api_keys
where id = @id;
