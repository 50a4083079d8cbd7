-- Convoys, the ordered collections of voyages and expeditions. A convoy without an owner is shared
-- by everyone with access.

-- name: CreateConvoy :one
-- Adds an empty convoy, shared when the owner is null.
insert into qar.convoys (
  owner_user_id, name, description, cover_path
) values (
  sqlc.narg(owner_user_id), @name, sqlc.narg(description), sqlc.narg(cover_path)
)
returning *;

-- name: ListConvoys :many
-- A page of the shared convoys and those of a user, by name.
select *
from qar.convoys
where owner_user_id is null
  or owner_user_id = @user_id
order by name, id
limit @limit
offset @offset;

-- name: UpdateConvoy :one
-- Changes a convoy that is shared or the user's; a null parameter keeps the stored value. No row
-- comes back for anybody else's.
-- @params id, user_id, name, description, cover_path
update qar.convoys
set
  name = coalesce(sqlc.narg(name), name),
  description = coalesce(sqlc.narg(description), description),
  cover_path = coalesce(sqlc.narg(cover_path), cover_path)
where id = @id
  and (owner_user_id is null or owner_user_id = @user_id)
returning *;

-- name: DeleteConvoy :execrows
-- Removes a convoy of the user's own; its members stay what they are. Shared ones are left alone.
delete from qar.convoys
where id = @id
  and owner_user_id = @user_id;

-- name: AddConvoyMember :one
-- Puts a voyage or an expedition into a convoy: exactly one of the two is to be given. No row comes
-- back for a member.
insert into qar.convoy_members (
  convoy_id, voyage_id, expedition_id, position
) values (
  @convoy_id, sqlc.narg(voyage_id), sqlc.narg(expedition_id), sqlc.narg(position)
)
on conflict do nothing
returning *;

-- name: RemoveConvoyMember :execrows
-- Takes a member out of a convoy.
delete from qar.convoy_members
where convoy_id = @convoy_id
  and id = @id;

-- name: ListConvoyMembers :many
-- A page of the members of a convoy that are live, with title and launch date: by position, those
-- without one last and in the order they were added.
-- @notnull id, convoy_id, created_at, title
select
  members.*,
  coalesce(voyages.title, expeditions.title) as title,
  coalesce(voyages.launch_date, expeditions.launch_date) as launch_date
from qar.convoy_members as members
left join qar.voyages on voyages.id = members.voyage_id
  and voyages.deleted_at is null
left join qar.expeditions on expeditions.id = members.expedition_id
  and expeditions.deleted_at is null
where members.convoy_id = @convoy_id
  -- Every member is one or the other; each has an index of its own.
  and (members.voyage_id is not null or members.expedition_id is not null)
  and (voyages.id is not null or expeditions.id is not null)
order by members.position asc nulls last, members.created_at, members.id
limit @limit
offset @offset;
