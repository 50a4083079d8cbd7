-- Ports, the studios, each perhaps below a parent.

-- name: CreatePort :one
-- Adds a port. A charter or registry that another port has is an error.
insert into qar.ports (
  name, parent_id, url, description, logo_path, charter, registry
) values (
  @name, sqlc.narg(parent_id), sqlc.narg(url), sqlc.narg(description), sqlc.narg(logo_path),
  sqlc.narg(charter), sqlc.narg(registry)
)
returning *;

-- name: GetPort :one
-- The port with this id.
select *
from qar.ports
where id = @id;

-- name: GetPortByCharter :one
-- The port with this charter.
select *
from qar.ports
where charter = @charter;

-- name: ListPorts :many
-- A page of all ports by name.
select *
from qar.ports
order by name, id
limit @limit
offset @offset;

-- name: ListPortChildren :many
-- A page of the ports directly below one, by name.
select *
from qar.ports
where parent_id = @parent_id
order by name, id
limit @limit
offset @offset;

-- name: SearchPorts :many
-- The ports whose name resembles the query, best match first. How close is close enough is the
-- trigram similarity threshold of the session.
select *
from qar.ports
where name operator(public.%) @query
order by public.similarity(name, @query) desc, name, id
limit @limit;

-- name: UpdatePort :one
-- Changes a port; a null parameter keeps the stored value.
-- @params id, name, parent_id, url, description, logo_path, charter, registry
update qar.ports
set
  name = coalesce(sqlc.narg(name), name),
  parent_id = coalesce(sqlc.narg(parent_id), parent_id),
  url = coalesce(sqlc.narg(url), url),
  description = coalesce(sqlc.narg(description), description),
  logo_path = coalesce(sqlc.narg(logo_path), logo_path),
  charter = coalesce(sqlc.narg(charter), charter),
  registry = coalesce(sqlc.narg(registry), registry)
where id = @id
returning *;

-- name: DeletePort :execrows
-- Removes a port. Titles, scenes and ports that named it stay and name none.
delete from qar.ports
where id = @id;
