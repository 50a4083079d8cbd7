-- Files of voyages and their coordinates, the fingerprints that tell which files show the same.

-- name: UpsertVoyageFile :one
-- Adds a file of a voyage. A path that is stored already takes on all given values, the voyage
-- included.
insert into qar.voyage_files (
  voyage_id, file_path, file_size, container, video_codec, audio_codec, resolution, framerate,
  duration_seconds, bitrate_kbps
) values (
  @voyage_id, @file_path, @file_size, sqlc.narg(container), sqlc.narg(video_codec),
  sqlc.narg(audio_codec), sqlc.narg(resolution), sqlc.narg(framerate),
  sqlc.narg(duration_seconds), sqlc.narg(bitrate_kbps)
)
on conflict (file_path) do update
set
  voyage_id = excluded.voyage_id,
  file_size = excluded.file_size,
  container = excluded.container,
  video_codec = excluded.video_codec,
  audio_codec = excluded.audio_codec,
  resolution = excluded.resolution,
  framerate = excluded.framerate,
  duration_seconds = excluded.duration_seconds,
  bitrate_kbps = excluded.bitrate_kbps
returning *;

-- name: GetVoyageFileByPath :one
-- The file of a live voyage stored under exactly this path.
select files.*
from qar.voyage_files as files
join qar.voyages on voyages.id = files.voyage_id
where files.file_path = @file_path
  and voyages.deleted_at is null;

-- name: ListVoyageFiles :many
-- The files of a voyage by path, at most 1000.
select *
from qar.voyage_files
where voyage_id = @voyage_id
order by file_path
limit 1000;

-- name: DeleteVoyageFile :execrows
-- Forgets a file with the fingerprints that were taken of it; the file on disk is not touched.
delete from qar.voyage_files
where id = @id;

-- name: ListVoyageFilesWithoutCoordinate :many
-- The files of live voyages without a fingerprint of the algorithm, oldest first: what is left to
-- do for those who take fingerprints.
-- @loggable algorithm
select files.*
from qar.voyage_files as files
join qar.voyages on voyages.id = files.voyage_id
where voyages.deleted_at is null
  and not exists (
    select 1
    from qar.voyage_coordinates as coordinates
    where coordinates.voyage_file_id = files.id
      and coordinates.algorithm = @algorithm
  )
order by files.created_at, files.id
limit @limit;

-- name: UpsertVoyageCoordinate :one
-- Adds a fingerprint of a voyage. One that is there already takes on the new bits and source, and
-- the file where one is given. A phash needs its 64 bits; the others must not have any.
-- @loggable algorithm
insert into qar.voyage_coordinates as stored (
  voyage_id, voyage_file_id, algorithm, value, bits, source
) values (
  @voyage_id, sqlc.narg(voyage_file_id), @algorithm, @value, sqlc.narg(bits), @source
)
on conflict (voyage_id, algorithm, value) do update
set
  voyage_file_id = coalesce(excluded.voyage_file_id, stored.voyage_file_id),
  bits = excluded.bits,
  source = excluded.source
returning *;

-- name: ListVoyageCoordinates :many
-- The fingerprints of a voyage by algorithm and value, at most 1000.
select *
from qar.voyage_coordinates
where voyage_id = @voyage_id
order by algorithm, value
limit 1000;

-- name: FindVoyagesByCoordinate :many
-- The live voyages with exactly this fingerprint.
-- @loggable algorithm
select *
from qar.voyages
where deleted_at is null
  and id in (
    select voyage_id
    from qar.voyage_coordinates
    where algorithm = @algorithm
      and value = @value
  )
order by id
limit @limit;

-- name: FindVoyagesNearPhash :many
-- The live voyages with a phash that differs from the given one in at most max_distance of its 64
-- bits, nearest first. It reads every phash there is.
-- @notnull distance_bits
select
  voyages.*,
  nearest.distance_bits
from qar.voyages
join (
  select
    voyage_id,
    min(bit_count((bits # @bits)::bit(64)))::integer as distance_bits
  from qar.voyage_coordinates
  where algorithm = 'phash'
  group by voyage_id
) as nearest on nearest.voyage_id = voyages.id
where voyages.deleted_at is null
  and nearest.distance_bits <= @max_distance
order by nearest.distance_bits, voyages.id
limit @limit;

-- name: ListDuplicateCoordinates :many
-- A page of the fingerprints of an algorithm that several live voyages share, with those voyages;
-- the most shared ones first.
-- @loggable algorithm
select
  coordinates.value,
  count(*) as voyage_count,
  array_agg(voyages.id order by voyages.id) as voyage_ids
from qar.voyage_coordinates as coordinates
join qar.voyages on voyages.id = coordinates.voyage_id
where coordinates.algorithm = @algorithm
  and voyages.deleted_at is null
group by coordinates.value
having count(*) > 1
order by count(*) desc, coordinates.value
limit @limit
offset @offset;
