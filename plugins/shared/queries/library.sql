-- Libraries: the folders that are scanned, the scans, and who may do what with them.

-- name: CreateLibrary :one
-- Adds a library.
-- @loggable type
insert into public.libraries (
  name, type, paths, enabled, scan_on_startup, realtime_monitoring, metadata_provider,
  preferred_language, scanner_config
) values (
  @name, @type, @paths, @enabled, @scan_on_startup, @realtime_monitoring,
  sqlc.narg(metadata_provider), @preferred_language, sqlc.narg(scanner_config)
)
returning *;

-- name: GetLibrary :one
-- The library with this id.
select *
from public.libraries
where id = @id;

-- name: GetLibraryByName :one
-- The library with exactly this name. Nothing keeps names unique: of several libraries the one
-- stored first is returned.
select *
from public.libraries
where name = @name
order by created_at, id
limit 1;

-- name: ListLibraries :many
-- All libraries by name.
select *
from public.libraries
order by name, id
limit 10000;

-- name: ListEnabledLibraries :many
-- All libraries that are in use, by name.
select *
from public.libraries
where enabled
order by name, id
limit 10000;

-- name: ListLibrariesByType :many
-- All libraries of one type by name.
-- @loggable type
select *
from public.libraries
where type = @type::text
order by name, id
limit 10000;

-- name: UpdateLibrary :one
-- Changes a library; a null parameter keeps the stored value, so nothing can be cleared.
update public.libraries
set
  name = coalesce(sqlc.narg(name), name),
  type = coalesce(sqlc.narg(type), type),
  paths = coalesce(sqlc.narg(paths), paths),
  enabled = coalesce(sqlc.narg(enabled), enabled),
  scan_on_startup = coalesce(sqlc.narg(scan_on_startup), scan_on_startup),
  realtime_monitoring = coalesce(sqlc.narg(realtime_monitoring), realtime_monitoring),
  metadata_provider = coalesce(sqlc.narg(metadata_provider), metadata_provider),
  preferred_language = coalesce(sqlc.narg(preferred_language), preferred_language),
  scanner_config = coalesce(sqlc.narg(scanner_config), scanner_config)
where id = @id
returning *;

-- name: DeleteLibrary :exec
-- Removes a library together with its scans and permissions.
delete from public.libraries
where id = @id;

-- name: CountLibraries :one
-- How many libraries there are.
select count(*)
from public.libraries;

-- name: CountLibrariesByType :one
-- How many libraries of one type there are.
-- @loggable type
select count(*)
from public.libraries
where type = @type::text;

-- name: CreateLibraryScan :one
-- Adds a scan of a library, with nothing counted yet.
-- @loggable scan_type, status
insert into public.library_scans (
  library_id, scan_type, status
) values (
  @library_id, @scan_type, @status
)
returning *;

-- name: GetLibraryScan :one
-- The scan with this id.
select *
from public.library_scans
where id = @id;

-- name: ListLibraryScans :many
-- A page of the scans of a library, newest first.
select *
from public.library_scans
where library_id = @library_id
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountLibraryScans :one
-- How many scans a library has had.
select count(*)
from public.library_scans
where library_id = @library_id;

-- name: GetLatestLibraryScan :one
-- The newest scan of a library.
select *
from public.library_scans
where library_id = @library_id
order by created_at desc, id
limit 1;

-- name: GetRunningScans :many
-- All scans that are running, the one that began first in front; those without a time come last.
select *
from public.library_scans
where status = 'running'
order by started_at, id
limit 10000;

-- name: UpdateLibraryScanStatus :one
-- Changes how a scan stands. A null started_at keeps the stored one; the other values are replaced,
-- null or not.
-- @loggable status
update public.library_scans
set
  status = @status,
  started_at = coalesce(sqlc.narg(started_at), started_at),
  completed_at = sqlc.narg(completed_at),
  duration_seconds = sqlc.narg(duration_seconds),
  error_message = sqlc.narg(error_message)
where id = @id
returning *;

-- name: UpdateLibraryScanProgress :one
-- Replaces what a scan has counted.
update public.library_scans
set
  items_scanned = @items_scanned,
  items_added = @items_added,
  items_updated = @items_updated,
  items_removed = @items_removed,
  errors_count = @errors_count
where id = @id
returning *;

-- name: DeleteOldLibraryScans :execrows
-- Removes the scans of before older_than that have ended.
delete from public.library_scans
where created_at < @older_than
  and status in ('completed', 'failed', 'cancelled');

-- name: CreateLibraryPermission :one
-- Permits a user something with a library. No row comes back when that was permitted already.
-- @loggable permission
insert into public.library_permissions (
  library_id, user_id, permission
) values (
  @library_id, @user_id, @permission
)
on conflict (library_id, user_id, permission) do nothing
returning *;

-- name: GetLibraryPermission :one
-- The permission of a user for a library.
-- @loggable permission
select *
from public.library_permissions
where library_id = @library_id
  and user_id = @user_id
  and permission = @permission::text;

-- name: ListLibraryPermissions :many
-- All permissions for a library, oldest first.
select *
from public.library_permissions
where library_id = @library_id
order by created_at, id
limit 10000;

-- name: ListUserLibraryPermissions :many
-- All permissions of a user, oldest first.
select *
from public.library_permissions
where user_id = @user_id
order by created_at, id
limit 10000;

-- name: CheckLibraryPermission :one
-- Whether a user is permitted something with a library.
-- @loggable permission
select exists (
  select 1
  from public.library_permissions
  where library_id = @library_id
    and user_id = @user_id
    and permission = @permission::text
) as has_permission;

-- name: GetUserAccessibleLibraries :many
-- All libraries in use that a user may view, by name.
select *
from public.libraries
where enabled
  and exists (
    select 1
    from public.library_permissions as permissions
    where permissions.library_id = libraries.id
      and permissions.user_id = @user_id
      and permissions.permission = 'view'
  )
order by name, id
limit 10000;

-- name: DeleteLibraryPermission :exec
-- Takes a permission back.
-- @loggable permission
delete from public.library_permissions
where library_id = @library_id
  and user_id = @user_id
  and permission = @permission::text;

-- name: DeleteAllLibraryPermissions :exec
-- Takes every permission for a library back.
delete from public.library_permissions
where library_id = @library_id;

-- name: DeleteUserLibraryPermissions :exec
-- Takes every permission of a user back.
delete from public.library_permissions
where user_id = @user_id;

-- name: CountLibraryPermissions :one
-- How many permissions there are for a library.
select count(*)
from public.library_permissions
where library_id = @library_id;
