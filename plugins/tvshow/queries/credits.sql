-- Who made and played in series and episodes. The regular cast belongs to the series; an episode
-- adds its guests and crew.

-- name: ListSeriesCast :many
-- A page of the cast of a series in billing order; credits without a place come last.
select *
from tvshow.series_credits
where series_id = @series_id
  and credit_type = 'cast'
order by cast_order asc nulls last, name, id
limit @limit
offset @offset;

-- name: CountSeriesCast :one
-- How many cast credits a series has.
select count(*)
from tvshow.series_credits
where series_id = @series_id
  and credit_type = 'cast';

-- name: ListSeriesCrew :many
-- A page of the crew of a series by department and name.
select *
from tvshow.series_credits
where series_id = @series_id
  and credit_type = 'crew'
order by department, name, id
limit @limit
offset @offset;

-- name: CountSeriesCrew :one
-- How many crew credits a series has.
select count(*)
from tvshow.series_credits
where series_id = @series_id
  and credit_type = 'crew';

-- name: CreateSeriesCredit :one
-- Adds a credit to a series: credit_type is 'cast' or 'crew'. The same person may be added again.
-- @loggable credit_type
insert into tvshow.series_credits (
  series_id, tmdb_person_id, name, credit_type, character, cast_order, job, department, profile_path
) values (
  @series_id, @tmdb_person_id, @name, @credit_type, sqlc.narg(character), sqlc.narg(cast_order),
  sqlc.narg(job), sqlc.narg(department), sqlc.narg(profile_path)
)
returning *;

-- name: DeleteSeriesCredits :exec
-- Removes the whole cast and crew of a series, so that fresh credits can be written.
delete from tvshow.series_credits
where series_id = @series_id;

-- name: ListEpisodeGuestStars :many
-- All guests of an episode in billing order; those without a place come last.
select *
from tvshow.episode_credits
where episode_id = @episode_id
  and credit_type = 'guest_star'
order by cast_order asc nulls last, name, id
limit 10000;

-- name: ListEpisodeCrew :many
-- The whole crew of an episode by department and name.
select *
from tvshow.episode_credits
where episode_id = @episode_id
  and credit_type = 'crew'
order by department, name, id
limit 10000;

-- name: CreateEpisodeCredit :one
-- Adds a credit to an episode: credit_type is 'guest_star' or 'crew'. The same person may be added
-- again.
-- @loggable credit_type
insert into tvshow.episode_credits (
  episode_id, tmdb_person_id, name, credit_type, character, cast_order, job, department,
  profile_path
) values (
  @episode_id, @tmdb_person_id, @name, @credit_type, sqlc.narg(character), sqlc.narg(cast_order),
  sqlc.narg(job), sqlc.narg(department), sqlc.narg(profile_path)
)
returning *;

-- name: DeleteEpisodeCredits :exec
-- Removes all guests and crew of an episode, so that fresh credits can be written.
delete from tvshow.episode_credits
where episode_id = @episode_id;
