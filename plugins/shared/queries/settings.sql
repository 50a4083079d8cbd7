-- Typed key/value settings: those of the server, then those of each user.
-- Values may be secrets, so no value is ever logged.

-- name: GetServerSetting :one
-- The server setting with this key, secret ones included.
-- @loggable key
select *
from shared.server_settings
where key = @key;

-- name: ListServerSettings :many
-- All server settings by category and key; those without a category come last.
select *
from shared.server_settings
order by category, key
limit 10000;

-- name: ListServerSettingsByCategory :many
-- The server settings of one category by key.
-- @loggable category
select *
from shared.server_settings
where category = @category
order by key
limit 10000;

-- name: ListPublicServerSettings :many
-- The server settings anyone may read, by category and key.
select *
from shared.server_settings
where is_public = true
order by category, key
limit 10000;

-- name: CreateServerSetting :one
-- Adds a server setting with its description and bounds; an existing key is an error.
-- @loggable key
-- @sensitive value
insert into shared.server_settings (
  key, value, description, category, data_type, is_secret, is_public, allowed_values, min_value,
  max_value, pattern, updated_by
) values (
  @key, @value, sqlc.narg(description), sqlc.narg(category), @data_type, sqlc.narg(is_secret),
  sqlc.narg(is_public), sqlc.narg(allowed_values), sqlc.narg(min_value), sqlc.narg(max_value),
  sqlc.narg(pattern), sqlc.narg(updated_by)
)
returning *;

-- name: UpdateServerSetting :one
-- Replaces the value of a server setting and who last changed it; no row when the key is unknown.
-- The bounds stored with the setting are not checked here.
-- @params key, value, updated_by
-- @loggable key
-- @sensitive value
update shared.server_settings
set
  value = @value,
  updated_by = sqlc.narg(updated_by),
  updated_at = now()
where key = @key
returning *;

-- name: UpsertServerSetting :one
-- Adds a server setting or, when the key exists, replaces its value and who changed it.
-- Description, category, type and flags of an existing setting stay as they were.
-- @loggable key
-- @sensitive value
insert into shared.server_settings (
  key, value, description, category, data_type, is_secret, is_public, updated_by
) values (
  @key, @value, sqlc.narg(description), sqlc.narg(category), @data_type, sqlc.narg(is_secret),
  sqlc.narg(is_public), sqlc.narg(updated_by)
)
on conflict (key) do update
set
  value = excluded.value,
  updated_by = excluded.updated_by,
  updated_at = now()
returning *;

-- name: DeleteServerSetting :exec
-- Removes a server setting for good.
-- @loggable key
delete from shared.server_settings
where key = @key;

-- name: GetUserSetting :one
-- One setting of a user.
-- @loggable key
select *
from shared.user_settings
where user_id = @user_id
  and key = @key;

-- name: ListUserSettings :many
-- All settings of a user by category and key; those without a category come last.
select *
from shared.user_settings
where user_id = @user_id
order by category, key
limit 10000;

-- name: ListUserSettingsByCategory :many
-- The settings of a user in one category by key.
-- @loggable category
select *
from shared.user_settings
where user_id = @user_id
  and category = @category
order by key
limit 10000;

-- name: CreateUserSetting :one
-- Adds a setting for a user; an existing key of that user is an error.
-- @loggable key
-- @sensitive value
insert into shared.user_settings (
  user_id, key, value, description, category, data_type
) values (
  @user_id, @key, @value, sqlc.narg(description), sqlc.narg(category), @data_type
)
returning *;

-- name: UpdateUserSetting :one
-- Replaces the value of an existing setting of a user; no row when there is none.
-- @params user_id, value, key
-- @loggable key
-- @sensitive value
update shared.user_settings
set
  value = @value,
  updated_at = now()
where user_id = @user_id
  and key = @key
returning *;

-- name: UpsertUserSetting :one
-- Adds a setting for a user or, when the key exists, replaces only its value.
-- @loggable key
-- @sensitive value
insert into shared.user_settings (
  user_id, key, value, description, category, data_type
) values (
  @user_id, @key, @value, sqlc.narg(description), sqlc.narg(category), @data_type
)
on conflict (user_id, key) do update
set
  value = excluded.value,
  updated_at = now()
returning *;

-- name: DeleteUserSetting :exec
-- Removes one setting of a user.
-- @loggable key
delete from shared.user_settings
where user_id = @user_id
  and key = @key;

-- name: DeleteAllUserSettings :exec
-- Removes every setting of a user.
delete from shared.user_settings
where user_id = @user_id;
