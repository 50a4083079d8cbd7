-- Voyages, the scenes, on their own or a leg of an expedition. Live means: not deleted. A deletion
-- is a mark on the row until PurgeDeletedVoyages; no list and no Get shows a row that has it.

-- name: CreateVoyage :one
-- Adds a voyage. A charter or whisparr_id that a live one has is an error.
insert into qar.voyages (
  fleet_id, port_id, expedition_id, leg, title, sort_title, overview, launch_date, distance,
  director, cover_path, stash_id, charter, registry, whisparr_id
) values (
  @fleet_id, sqlc.narg(port_id), sqlc.narg(expedition_id), sqlc.narg(leg), @title,
  sqlc.narg(sort_title), sqlc.narg(overview), sqlc.narg(launch_date), sqlc.narg(distance),
  sqlc.narg(director), sqlc.narg(cover_path), sqlc.narg(stash_id), sqlc.narg(charter),
  sqlc.narg(registry), sqlc.narg(whisparr_id)
)
returning *;

-- name: GetVoyage :one
-- The live voyage with this id.
select *
from qar.voyages
where id = @id
  and deleted_at is null;

-- name: GetVoyageByCharter :one
-- The live voyage with this charter.
select *
from qar.voyages
where charter = @charter
  and deleted_at is null;

-- name: GetVoyageByWhisparrID :one
-- The live voyage with this Whisparr id.
select *
from qar.voyages
where whisparr_id = @whisparr_id
  and deleted_at is null;

-- name: ListVoyages :many
-- A page of the live voyages that pass every filter given; a null filter is skipped, and both ends
-- of the span of launch dates belong to it. Sorted by order_by: title (A to Z, by sort title where
-- there is one) or added (newest first). Any other value, and null, means latest launch first,
-- those without a date last; that also decides among equals.
-- @loggable order_by
select *
from qar.voyages
where deleted_at is null
  and (sqlc.narg(fleet_id)::uuid is null or fleet_id = sqlc.narg(fleet_id))
  and (sqlc.narg(port_id)::uuid is null or port_id = sqlc.narg(port_id))
  and (sqlc.narg(launched_from)::date is null or launch_date >= sqlc.narg(launched_from))
  and (sqlc.narg(launched_to)::date is null or launch_date <= sqlc.narg(launched_to))
order by
  case when sqlc.narg(order_by)::text = 'title' then coalesce(sort_title, title) end asc,
  case when sqlc.narg(order_by) = 'added' then created_at end desc,
  launch_date desc nulls last,
  id
limit @limit
offset @offset;

-- name: CountVoyages :one
-- How many voyages ListVoyages would page over with the same filters.
select count(*)
from qar.voyages
where deleted_at is null
  and (sqlc.narg(fleet_id)::uuid is null or fleet_id = sqlc.narg(fleet_id))
  and (sqlc.narg(port_id)::uuid is null or port_id = sqlc.narg(port_id))
  and (sqlc.narg(launched_from)::date is null or launch_date >= sqlc.narg(launched_from))
  and (sqlc.narg(launched_to)::date is null or launch_date <= sqlc.narg(launched_to));

-- name: SearchVoyages :many
-- A page of the live voyages whose title resembles the query, best match first. How close is close
-- enough is the trigram similarity threshold of the session.
select *
from qar.voyages
where title operator(public.%) @query
  and deleted_at is null
order by public.similarity(title, @query) desc, id
limit @limit
offset @offset;

-- name: ListVoyagesByCrew :many
-- A page of the live voyages that a crew row is linked to: latest launch first, those without a
-- date last.
select voyages.*
from qar.voyages
join qar.voyage_crew as links on links.voyage_id = voyages.id
where links.crew_id = @crew_id
  and voyages.deleted_at is null
order by voyages.launch_date desc nulls last, voyages.id
limit @limit
offset @offset;

-- name: ListVoyagesByFlags :many
-- A page of the live voyages that carry every one of the flags, however often it is named; with no
-- flags, of all live voyages. Latest launch first, those without a date last.
select *
from qar.voyages
where deleted_at is null
  and (
    cardinality(@flag_ids::uuid[]) = 0
    or id in (
      select voyage_id
      from qar.voyage_flags
      where flag_id = any(@flag_ids)
      group by voyage_id
      having count(*) = (select count(distinct flag_id) from unnest(@flag_ids) as wanted (flag_id))
    )
  )
order by launch_date desc nulls last, id
limit @limit
offset @offset;

-- name: ListVoyagesByExpedition :many
-- The live voyages of an expedition leg by leg, then the others by title; at most 1000.
select *
from qar.voyages
where expedition_id = @expedition_id
  and deleted_at is null
order by leg asc nulls last, title, id
limit 1000;

-- name: UpdateVoyage :one
-- Changes a live voyage; a null parameter keeps the stored value. Its fleet is for good.
-- @params id, port_id, expedition_id, leg, title, sort_title, overview, launch_date, distance
-- @params director, cover_path, stash_id, charter, registry, whisparr_id
update qar.voyages
set
  port_id = coalesce(sqlc.narg(port_id), port_id),
  expedition_id = coalesce(sqlc.narg(expedition_id), expedition_id),
  leg = coalesce(sqlc.narg(leg), leg),
  title = coalesce(sqlc.narg(title), title),
  sort_title = coalesce(sqlc.narg(sort_title), sort_title),
  overview = coalesce(sqlc.narg(overview), overview),
  launch_date = coalesce(sqlc.narg(launch_date), launch_date),
  distance = coalesce(sqlc.narg(distance), distance),
  director = coalesce(sqlc.narg(director), director),
  cover_path = coalesce(sqlc.narg(cover_path), cover_path),
  stash_id = coalesce(sqlc.narg(stash_id), stash_id),
  charter = coalesce(sqlc.narg(charter), charter),
  registry = coalesce(sqlc.narg(registry), registry),
  whisparr_id = coalesce(sqlc.narg(whisparr_id), whisparr_id)
where id = @id
  and deleted_at is null
returning *;

-- name: DeleteVoyage :execrows
-- Marks a live voyage as deleted; one that is deleted keeps its time.
update qar.voyages
set deleted_at = now()
where id = @id
  and deleted_at is null;

-- name: RestoreVoyage :execrows
-- Takes the mark of deletion away again. It is an error when a live voyage has the charter or
-- whisparr_id by now.
update qar.voyages
set deleted_at = null
where id = @id
  and deleted_at is not null;

-- name: PurgeDeletedVoyages :execrows
-- Removes the voyages that were deleted before the given instant, for good and with all that hangs
-- on them, users' progress, marks and ratings included.
delete from qar.voyages
where deleted_at < @before;
