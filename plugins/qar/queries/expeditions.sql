-- Expeditions, the full-length titles, and their files. Live means: not deleted. A deletion is a
-- mark on the row, and no query here shows a row that has it.

-- name: CreateExpedition :one
-- Adds an expedition. A charter or whisparr_id that a live one has is an error.
insert into qar.expeditions (
  fleet_id, port_id, title, sort_title, original_title, overview, launch_date, distance, director,
  cover_path, charter, registry, whisparr_id
) values (
  @fleet_id, sqlc.narg(port_id), @title, sqlc.narg(sort_title), sqlc.narg(original_title),
  sqlc.narg(overview), sqlc.narg(launch_date), sqlc.narg(distance), sqlc.narg(director),
  sqlc.narg(cover_path), sqlc.narg(charter), sqlc.narg(registry), sqlc.narg(whisparr_id)
)
returning *;

-- name: GetExpedition :one
-- The live expedition with this id.
select *
from qar.expeditions
where id = @id
  and deleted_at is null;

-- name: GetExpeditionByCharter :one
-- The live expedition with this charter.
select *
from qar.expeditions
where charter = @charter
  and deleted_at is null;

-- name: ListExpeditions :many
-- A page of the live expeditions of a fleet and a port, each of which may be null for any: latest
-- launch first, those without a date last.
select *
from qar.expeditions
where deleted_at is null
  and (sqlc.narg(fleet_id)::uuid is null or fleet_id = sqlc.narg(fleet_id))
  and (sqlc.narg(port_id)::uuid is null or port_id = sqlc.narg(port_id))
order by launch_date desc nulls last, id
limit @limit
offset @offset;

-- name: CountExpeditions :one
-- How many expeditions ListExpeditions would page over with the same filters.
select count(*)
from qar.expeditions
where deleted_at is null
  and (sqlc.narg(fleet_id)::uuid is null or fleet_id = sqlc.narg(fleet_id))
  and (sqlc.narg(port_id)::uuid is null or port_id = sqlc.narg(port_id));

-- name: SearchExpeditions :many
-- A page of the live expeditions whose title resembles the query, best match first. How close is
-- close enough is the trigram similarity threshold of the session.
select *
from qar.expeditions
where title operator(public.%) @query
  and deleted_at is null
order by public.similarity(title, @query) desc, id
limit @limit
offset @offset;

-- name: ListExpeditionsByCrew :many
-- A page of the live expeditions that a crew row is linked to: latest launch first, those without
-- a date last.
select expeditions.*
from qar.expeditions
join qar.expedition_crew as links on links.expedition_id = expeditions.id
where links.crew_id = @crew_id
  and expeditions.deleted_at is null
order by expeditions.launch_date desc nulls last, expeditions.id
limit @limit
offset @offset;

-- name: UpdateExpedition :one
-- Changes a live expedition; a null parameter keeps the stored value. Its fleet is for good.
-- @params id, port_id, title, sort_title, original_title, overview, launch_date, distance
-- @params director, cover_path, charter, registry, whisparr_id
update qar.expeditions
set
  port_id = coalesce(sqlc.narg(port_id), port_id),
  title = coalesce(sqlc.narg(title), title),
  sort_title = coalesce(sqlc.narg(sort_title), sort_title),
  original_title = coalesce(sqlc.narg(original_title), original_title),
  overview = coalesce(sqlc.narg(overview), overview),
  launch_date = coalesce(sqlc.narg(launch_date), launch_date),
  distance = coalesce(sqlc.narg(distance), distance),
  director = coalesce(sqlc.narg(director), director),
  cover_path = coalesce(sqlc.narg(cover_path), cover_path),
  charter = coalesce(sqlc.narg(charter), charter),
  registry = coalesce(sqlc.narg(registry), registry),
  whisparr_id = coalesce(sqlc.narg(whisparr_id), whisparr_id)
where id = @id
  and deleted_at is null
returning *;

-- name: DeleteExpedition :execrows
-- Marks a live expedition as deleted; one that is deleted keeps its time.
update qar.expeditions
set deleted_at = now()
where id = @id
  and deleted_at is null;

-- name: UpsertExpeditionFile :one
-- Adds a file of an expedition. A path that is stored already takes on all given values, the
-- expedition included.
insert into qar.expedition_files (
  expedition_id, file_path, file_size, container, video_codec, audio_codec, resolution,
  duration_seconds, bitrate_kbps
) values (
  @expedition_id, @file_path, @file_size, sqlc.narg(container), sqlc.narg(video_codec),
  sqlc.narg(audio_codec), sqlc.narg(resolution), sqlc.narg(duration_seconds),
  sqlc.narg(bitrate_kbps)
)
on conflict (file_path) do update
set
  expedition_id = excluded.expedition_id,
  file_size = excluded.file_size,
  container = excluded.container,
  video_codec = excluded.video_codec,
  audio_codec = excluded.audio_codec,
  resolution = excluded.resolution,
  duration_seconds = excluded.duration_seconds,
  bitrate_kbps = excluded.bitrate_kbps
returning *;

-- name: ListExpeditionFiles :many
-- The files of an expedition by path, at most 1000.
select *
from qar.expedition_files
where expedition_id = @expedition_id
order by file_path
limit 1000;
