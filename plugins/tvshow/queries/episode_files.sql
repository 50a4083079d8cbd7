-- The files that hold episodes.

-- name: GetEpisodeFile :one
-- The episode file with this id.
select *
from tvshow.episode_files
where id = @id;

-- name: GetEpisodeFileByPath :one
-- The episode file stored under exactly this path.
select *
from tvshow.episode_files
where file_path = @file_path;

-- name: GetEpisodeFileBySonarrID :one
-- The episode file with this Sonarr file id. Nothing keeps these ids unique: of several files the
-- one stored first is returned.
select *
from tvshow.episode_files
where sonarr_file_id = @sonarr_file_id
order by created_at, id
limit 1;

-- name: ListEpisodeFilesByEpisode :many
-- All files of an episode, oldest first.
select *
from tvshow.episode_files
where episode_id = @episode_id
order by created_at, id
limit 10000;

-- name: CreateEpisodeFile :one
-- Adds a file of an episode; a path already stored is an error.
insert into tvshow.episode_files (
  episode_id, file_path, file_name, file_size, container, resolution, quality_profile, video_codec,
  audio_codec, bitrate_kbps, duration_seconds, audio_languages, subtitle_languages, sonarr_file_id
) values (
  @episode_id, @file_path, @file_name, @file_size, sqlc.narg(container), sqlc.narg(resolution),
  sqlc.narg(quality_profile), sqlc.narg(video_codec), sqlc.narg(audio_codec),
  sqlc.narg(bitrate_kbps), sqlc.narg(duration_seconds), @audio_languages, @subtitle_languages,
  sqlc.narg(sonarr_file_id)
)
returning *;

-- name: UpdateEpisodeFile :one
-- Changes an episode file; a null parameter keeps the stored value.
update tvshow.episode_files
set
  file_path = coalesce(sqlc.narg(file_path), file_path),
  file_name = coalesce(sqlc.narg(file_name), file_name),
  file_size = coalesce(sqlc.narg(file_size), file_size),
  container = coalesce(sqlc.narg(container), container),
  resolution = coalesce(sqlc.narg(resolution), resolution),
  quality_profile = coalesce(sqlc.narg(quality_profile), quality_profile),
  video_codec = coalesce(sqlc.narg(video_codec), video_codec),
  audio_codec = coalesce(sqlc.narg(audio_codec), audio_codec),
  bitrate_kbps = coalesce(sqlc.narg(bitrate_kbps), bitrate_kbps),
  duration_seconds = coalesce(sqlc.narg(duration_seconds), duration_seconds),
  audio_languages = coalesce(sqlc.narg(audio_languages), audio_languages),
  subtitle_languages = coalesce(sqlc.narg(subtitle_languages), subtitle_languages),
  sonarr_file_id = coalesce(sqlc.narg(sonarr_file_id), sonarr_file_id)
where id = @id
returning *;

-- name: DeleteEpisodeFile :exec
-- Forgets an episode file and frees its path; the file on disk is not touched.
delete from tvshow.episode_files
where id = @id;

-- name: DeleteEpisodeFilesByEpisode :exec
-- Forgets all files of an episode.
delete from tvshow.episode_files
where episode_id = @episode_id;
