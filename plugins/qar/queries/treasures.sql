-- Treasures, the image galleries, with their images and links. Live means: not deleted.

-- name: CreateTreasure :one
-- Adds a treasure without images. A folder that a live treasure has is an error.
insert into qar.treasures (
  fleet_id, title, description, folder_path, cover_image_path, cover_blurhash, date_captured,
  photographer
) values (
  @fleet_id, @title, sqlc.narg(description), @folder_path, sqlc.narg(cover_image_path),
  sqlc.narg(cover_blurhash), sqlc.narg(date_captured), sqlc.narg(photographer)
)
returning *;

-- name: GetTreasure :one
-- The live treasure with this id.
select *
from qar.treasures
where id = @id
  and deleted_at is null;

-- name: GetTreasureByPath :one
-- The live treasure in exactly this folder.
select *
from qar.treasures
where folder_path = @folder_path
  and deleted_at is null;

-- name: ListTreasures :many
-- A page of the live treasures of a fleet, or of any when it is null; newest first.
select *
from qar.treasures
where deleted_at is null
  and (sqlc.narg(fleet_id)::uuid is null or fleet_id = sqlc.narg(fleet_id))
order by created_at desc, id
limit @limit
offset @offset;

-- name: CountTreasures :one
-- How many treasures ListTreasures would page over with the same filter.
select count(*)
from qar.treasures
where deleted_at is null
  and (sqlc.narg(fleet_id)::uuid is null or fleet_id = sqlc.narg(fleet_id));

-- name: SearchTreasures :many
-- A page of the live treasures whose title resembles the query, best match first. How close is
-- close enough is the trigram similarity threshold of the session.
select *
from qar.treasures
where title operator(public.%) @query
  and deleted_at is null
order by public.similarity(title, @query) desc, id
limit @limit
offset @offset;

-- name: ListTreasuresByCrew :many
-- A page of the live treasures that a crew row is linked to, newest first.
select treasures.*
from qar.treasures
join qar.treasure_crew as links on links.treasure_id = treasures.id
where links.crew_id = @crew_id
  and treasures.deleted_at is null
order by treasures.created_at desc, treasures.id
limit @limit
offset @offset;

-- name: UpdateTreasure :one
-- Changes a live treasure; a null parameter keeps the stored value. Fleet and folder are for good.
-- @params id, title, description, cover_image_path, cover_blurhash, date_captured, photographer
update qar.treasures
set
  title = coalesce(sqlc.narg(title), title),
  description = coalesce(sqlc.narg(description), description),
  cover_image_path = coalesce(sqlc.narg(cover_image_path), cover_image_path),
  cover_blurhash = coalesce(sqlc.narg(cover_blurhash), cover_blurhash),
  date_captured = coalesce(sqlc.narg(date_captured), date_captured),
  photographer = coalesce(sqlc.narg(photographer), photographer)
where id = @id
  and deleted_at is null
returning *;

-- name: RefreshTreasureTotals :execrows
-- Counts the images of a treasure anew and adds up their sizes; one of unknown size adds nothing.
update qar.treasures
set
  image_count = totals.images,
  total_size_bytes = totals.bytes
from (
  select
    count(*) as images,
    coalesce(sum(file_size_bytes), 0) as bytes
  from qar.treasure_images
  where treasure_id = @id
) as totals
where treasures.id = @id;

-- name: DeleteTreasure :execrows
-- Marks a live treasure as deleted, which frees its folder; one that is deleted keeps its time.
update qar.treasures
set deleted_at = now()
where id = @id
  and deleted_at is null;

-- name: AddTreasureImages :copyfrom
-- Adds images to treasures. A path that is stored anywhere, and a position that is taken in its
-- treasure, is an error for all of them. Leave the place where a picture was taken out of exif_data.
insert into qar.treasure_images (
  treasure_id, file_path, filename, position, width, height, file_size_bytes, mime_type, blurhash,
  exif_data, date_taken
) values (
  @treasure_id, @file_path, @filename, @position, sqlc.narg(width), sqlc.narg(height),
  sqlc.narg(file_size_bytes), sqlc.narg(mime_type), sqlc.narg(blurhash), sqlc.narg(exif_data),
  sqlc.narg(date_taken)
);

-- name: ListTreasureImages :many
-- A page of the images of a treasure by position.
select *
from qar.treasure_images
where treasure_id = @treasure_id
order by position
limit @limit
offset @offset;

-- name: DeleteTreasureImages :execrows
-- Forgets all images of a treasure, so that a fresh scan can be written.
delete from qar.treasure_images
where treasure_id = @treasure_id;

-- name: LinkTreasureCrew :execrows
-- Links a crew row to a treasure; one that is linked already is left alone.
insert into qar.treasure_crew (
  treasure_id, crew_id
) values (
  @treasure_id, @crew_id
)
on conflict (treasure_id, crew_id) do nothing;

-- name: UnlinkTreasureCrew :execrows
-- Takes a crew row off a treasure; both stay.
delete from qar.treasure_crew
where treasure_id = @treasure_id
  and crew_id = @crew_id;

-- name: LinkTreasurePort :execrows
-- Links a port to a treasure; one that is linked already is left alone.
insert into qar.treasure_ports (
  treasure_id, port_id
) values (
  @treasure_id, @port_id
)
on conflict (treasure_id, port_id) do nothing;

-- name: AddTreasureFlag :execrows
-- Gives a treasure a flag; one that it has already is left alone.
insert into qar.treasure_flags (
  treasure_id, flag_id
) values (
  @treasure_id, @flag_id
)
on conflict (treasure_id, flag_id) do nothing;
