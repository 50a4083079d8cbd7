-- Flags, the tags, each perhaps below a parent and in some waters, their category.

-- name: CreateFlag :one
-- Adds a flag. A name that differs from another one in case only is an error.
-- @loggable waters
insert into qar.flags (
  name, description, waters, parent_id, charter
) values (
  @name, sqlc.narg(description), sqlc.narg(waters), sqlc.narg(parent_id), sqlc.narg(charter)
)
returning *;

-- name: GetFlag :one
-- The flag with this id.
select *
from qar.flags
where id = @id;

-- name: GetFlagByName :one
-- The flag with this name, whatever its case.
select *
from qar.flags
where lower(name) = lower(@name);

-- name: ListFlags :many
-- A page of the flags of some waters by name; of all flags when waters is null.
-- @loggable waters
select *
from qar.flags
where sqlc.narg(waters)::varchar is null or waters = sqlc.narg(waters)
order by name
limit @limit
offset @offset;

-- name: ListFlagChildren :many
-- A page of the flags directly below one, by name.
select *
from qar.flags
where parent_id = @parent_id
order by name
limit @limit
offset @offset;

-- name: UpdateFlag :one
-- Changes a flag; a null parameter keeps the stored value.
-- @params id, name, description, waters, parent_id, charter
-- @loggable waters
update qar.flags
set
  name = coalesce(sqlc.narg(name), name),
  description = coalesce(sqlc.narg(description), description),
  waters = coalesce(sqlc.narg(waters), waters),
  parent_id = coalesce(sqlc.narg(parent_id), parent_id),
  charter = coalesce(sqlc.narg(charter), charter)
where id = @id
returning *;

-- name: DeleteFlag :execrows
-- Removes a flag with its links. Flags below it and waypoints that named it stay and name none.
delete from qar.flags
where id = @id;
