-- Accounts, their preferences and their avatars.
-- A live row is one whose deleted_at is null; soft-deleted accounts stay out of every lookup below.

-- name: GetUserByID :one
-- The live user with this id.
select *
from shared.users
where id = @id
  and deleted_at is null;

-- name: GetUserByUsername :one
-- The live user with exactly this username; upper and lower case are distinct.
select *
from shared.users
where username = @username
  and deleted_at is null;

-- name: GetUserByEmail :one
-- The live user with exactly this address; upper and lower case are distinct.
select *
from shared.users
where email = @email
  and deleted_at is null;

-- name: ListUsers :many
-- A page of live users, newest first. Each filter that is null is skipped; query is plain text
-- looked for, ignoring case, in username, email and display name.
select *
from shared.users
where deleted_at is null
  and (sqlc.narg(is_active)::boolean is null or is_active = sqlc.narg(is_active))
  and (sqlc.narg(is_admin)::boolean is null or is_admin = sqlc.narg(is_admin))
  and (
    sqlc.narg(query)::text is null
    or exists (
      select 1
      from (values (username), (email), (display_name)) as searched (field)
      where field ilike '%' || replace(replace(replace(
        sqlc.narg(query), '!', '!!'), '%', '!%'), '_', '!_') || '%' escape '!'
    )
  )
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountUsers :one
-- How many users ListUsers would page over with the same filters.
select count(*)
from shared.users
where deleted_at is null
  and (sqlc.narg(is_active)::boolean is null or is_active = sqlc.narg(is_active))
  and (sqlc.narg(is_admin)::boolean is null or is_admin = sqlc.narg(is_admin))
  and (
    sqlc.narg(query)::text is null
    or exists (
      select 1
      from (values (username), (email), (display_name)) as searched (field)
      where field ilike '%' || replace(replace(replace(
        sqlc.narg(query), '!', '!!'), '%', '!%'), '_', '!_') || '%' escape '!'
    )
  );

-- name: CreateUser :one
-- Adds an account. A null flag or time zone is stored as null: the column defaults do not step in.
-- @sensitive password_hash
insert into shared.users (
  username, email, password_hash, display_name, timezone, qar_enabled, is_active, is_admin
) values (
  @username, @email, @password_hash, sqlc.narg(display_name), sqlc.narg(timezone),
  sqlc.narg(qar_enabled), sqlc.narg(is_active), sqlc.narg(is_admin)
)
returning *;

-- name: UpdateUser :one
-- Changes the profile and flags of a live user; a null parameter keeps the stored value.
-- No row comes back when the user is missing or soft-deleted.
update shared.users
set
  email = coalesce(sqlc.narg(email), email),
  display_name = coalesce(sqlc.narg(display_name), display_name),
  avatar_url = coalesce(sqlc.narg(avatar_url), avatar_url),
  timezone = coalesce(sqlc.narg(timezone), timezone),
  qar_enabled = coalesce(sqlc.narg(qar_enabled), qar_enabled),
  is_active = coalesce(sqlc.narg(is_active), is_active),
  is_admin = coalesce(sqlc.narg(is_admin), is_admin),
  updated_at = now()
where id = @user_id
  and deleted_at is null
returning *;

-- name: UpdatePassword :exec
-- Replaces the password hash of a live user. Sessions stay valid; revoke them separately.
-- @params id, password_hash
-- @sensitive password_hash
update shared.users
set
  password_hash = @password_hash,
  updated_at = now()
where id = @id
  and deleted_at is null;

-- name: UpdateLastLogin :exec
-- Notes a login of a live user at the current transaction time.
update shared.users
set
  last_login_at = now(),
  updated_at = now()
where id = @id
  and deleted_at is null;

-- name: VerifyEmail :exec
-- Marks the address of a live user as verified now; a repeat moves the time.
update shared.users
set
  email_verified = true,
  email_verified_at = now(),
  updated_at = now()
where id = @id
  and deleted_at is null;

-- name: DeleteUser :exec
-- Soft-deletes a live user. The username and the address stay taken.
update shared.users
set
  deleted_at = now(),
  updated_at = now()
where id = @id
  and deleted_at is null;

-- name: HardDeleteUser :exec
-- Removes a user for good, live or not. Dependent rows go too; audit entries lose the reference.
delete from shared.users
where id = @id;

-- name: GetUserPreferences :one
-- The preferences of a user, if any were ever stored.
-- @since 100
select *
from shared.user_preferences
where user_id = @user_id;

-- name: UpsertUserPreferences :one
-- Stores the preferences of a user. The first write takes the values as they are, nulls included;
-- later writes keep the stored value wherever the parameter is null.
-- @since 100
insert into shared.user_preferences as stored (
  user_id, email_notifications, push_notifications, digest_notifications, profile_visibility,
  show_email, show_activity, theme, display_language, content_language, metadata_language,
  show_adult_content, show_spoilers, auto_play_videos
) values (
  @user_id, sqlc.narg(email_notifications), sqlc.narg(push_notifications),
  sqlc.narg(digest_notifications), sqlc.narg(profile_visibility), sqlc.narg(show_email),
  sqlc.narg(show_activity), sqlc.narg(theme), sqlc.narg(display_language),
  sqlc.narg(content_language), sqlc.narg(metadata_language), sqlc.narg(show_adult_content),
  sqlc.narg(show_spoilers), sqlc.narg(auto_play_videos)
)
on conflict (user_id) do update
set
  email_notifications = coalesce(excluded.email_notifications, stored.email_notifications),
  push_notifications = coalesce(excluded.push_notifications, stored.push_notifications),
  digest_notifications = coalesce(excluded.digest_notifications, stored.digest_notifications),
  profile_visibility = coalesce(excluded.profile_visibility, stored.profile_visibility),
  show_email = coalesce(excluded.show_email, stored.show_email),
  show_activity = coalesce(excluded.show_activity, stored.show_activity),
  theme = coalesce(excluded.theme, stored.theme),
  display_language = coalesce(excluded.display_language, stored.display_language),
  content_language = coalesce(excluded.content_language, stored.content_language),
  metadata_language = coalesce(excluded.metadata_language, stored.metadata_language),
  show_adult_content = coalesce(excluded.show_adult_content, stored.show_adult_content),
  show_spoilers = coalesce(excluded.show_spoilers, stored.show_spoilers),
  auto_play_videos = coalesce(excluded.auto_play_videos, stored.auto_play_videos),
  updated_at = now()
returning *;

-- name: DeleteUserPreferences :exec
-- Drops the preferences of a user; the next upsert starts from nothing.
delete from shared.user_preferences
where user_id = @user_id;

-- name: GetCurrentAvatar :one
-- The avatar a user shows at present; there is at most one.
select *
from shared.user_avatars
where user_id = @user_id
  and is_current = true
  and deleted_at is null;

-- name: GetAvatarByID :one
-- The live avatar with this id.
select *
from shared.user_avatars
where id = @id
  and deleted_at is null;

-- name: ListUserAvatars :many
-- A page of the live avatars of a user, highest version first.
select *
from shared.user_avatars
where user_id = @user_id
  and deleted_at is null
order by version desc, id
limit @limit
offset @offset;

-- name: CreateAvatar :one
-- Adds an avatar and makes it the current one. Run UnsetCurrentAvatars first in the same
-- transaction, or the uniqueness of the current avatar rejects the insert.
insert into shared.user_avatars (
  user_id, file_path, file_size_bytes, mime_type, width, height, is_animated, version, is_current,
  uploaded_from_ip, uploaded_from_user_agent
) values (
  @user_id, @file_path, @file_size_bytes, @mime_type, @width, @height, sqlc.narg(is_animated),
  @version, true, sqlc.narg(uploaded_from_ip), sqlc.narg(uploaded_from_user_agent)
)
returning *;

-- name: UnsetCurrentAvatars :exec
-- Leaves a user without a current avatar.
update shared.user_avatars
set
  is_current = false,
  updated_at = now()
where user_id = @user_id
  and is_current = true
  and deleted_at is null;

-- name: SetCurrentAvatar :exec
-- Makes a live avatar the current one. As with CreateAvatar, unset the previous one first.
update shared.user_avatars
set
  is_current = true,
  updated_at = now()
where id = @id
  and deleted_at is null;

-- name: DeleteAvatar :exec
-- Soft-deletes a live avatar without touching its current flag.
update shared.user_avatars
set
  deleted_at = now(),
  updated_at = now()
where id = @id
  and deleted_at is null;

-- name: HardDeleteAvatar :exec
-- Removes an avatar row for good, live or not. Removing the file itself is left to the caller.
delete from shared.user_avatars
where id = @id;

-- name: GetLatestAvatarVersion :one
-- The highest version a user ever had, soft-deleted avatars included, or 0 for none.
select coalesce(max(version), 0) as max_version
from shared.user_avatars
where user_id = @user_id;
