-- Crew, the performers, with their aliases and portraits.

-- name: CreateCrew :one
-- Adds a crew row. A charter or registry that another row has is an error.
insert into qar.crew (
  name, disambiguation, gender, christening, scuttled, nationality, maiden_voyage, last_port, bio,
  image_path, urls, stash_id, charter, registry, manifest
) values (
  @name, sqlc.narg(disambiguation), sqlc.narg(gender), sqlc.narg(christening),
  sqlc.narg(scuttled), sqlc.narg(nationality), sqlc.narg(maiden_voyage), sqlc.narg(last_port),
  sqlc.narg(bio), sqlc.narg(image_path), @urls, sqlc.narg(stash_id), sqlc.narg(charter),
  sqlc.narg(registry), sqlc.narg(manifest)
)
returning *;

-- name: GetCrew :one
-- The crew row with this id.
select *
from qar.crew
where id = @id;

-- name: GetCrewByCharter :one
-- The crew row with this charter.
select *
from qar.crew
where charter = @charter;

-- name: ListCrew :many
-- A page of all crew by name.
select *
from qar.crew
order by name, id
limit @limit
offset @offset;

-- name: CountCrew :one
-- How many crew rows there are.
select count(*)
from qar.crew;

-- name: SearchCrew :many
-- A page of the crew whose name or an alias resembles the query, best match of all names first.
-- How close is close enough is the trigram similarity threshold of the session.
select *
from qar.crew
where id in (
  select id
  from qar.crew
  where name operator(public.%) @query
  union all
  select crew_id
  from qar.crew_names
  where name operator(public.%) @query
)
order by
  greatest(
    public.similarity(name, @query),
    (
      select max(public.similarity(names.name, @query))
      from qar.crew_names as names
      where names.crew_id = crew.id
    )
  ) desc,
  name,
  id
limit @limit
offset @offset;

-- name: UpdateCrew :one
-- Changes a crew row; a null parameter keeps the stored value.
-- @params id, name, disambiguation, gender, christening, scuttled, nationality, maiden_voyage
-- @params last_port, bio, image_path, urls, stash_id, charter, registry, manifest
update qar.crew
set
  name = coalesce(sqlc.narg(name), name),
  disambiguation = coalesce(sqlc.narg(disambiguation), disambiguation),
  gender = coalesce(sqlc.narg(gender), gender),
  christening = coalesce(sqlc.narg(christening), christening),
  scuttled = coalesce(sqlc.narg(scuttled), scuttled),
  nationality = coalesce(sqlc.narg(nationality), nationality),
  maiden_voyage = coalesce(sqlc.narg(maiden_voyage), maiden_voyage),
  last_port = coalesce(sqlc.narg(last_port), last_port),
  bio = coalesce(sqlc.narg(bio), bio),
  image_path = coalesce(sqlc.narg(image_path), image_path),
  urls = coalesce(sqlc.narg(urls), urls),
  stash_id = coalesce(sqlc.narg(stash_id), stash_id),
  charter = coalesce(sqlc.narg(charter), charter),
  registry = coalesce(sqlc.narg(registry), registry),
  manifest = coalesce(sqlc.narg(manifest), manifest)
where id = @id
returning *;

-- name: DeleteCrew :execrows
-- Removes a crew row with its aliases, portraits and links.
delete from qar.crew
where id = @id;

-- name: AddCrewName :execrows
-- Gives a crew row an alias; one that it has already is left alone.
insert into qar.crew_names (
  crew_id, name
) values (
  @crew_id, @name
)
on conflict (crew_id, name) do nothing;

-- name: RemoveCrewName :execrows
-- Takes an alias away.
delete from qar.crew_names
where crew_id = @crew_id
  and name = @name;

-- name: ListCrewNames :many
-- The aliases of a crew row by name, at most 500.
select *
from qar.crew_names
where crew_id = @crew_id
order by name
limit 500;

-- name: AddCrewPortrait :one
-- Adds a portrait, not as the primary one. A path that is there already takes on the new source
-- and blurhash.
insert into qar.crew_portraits (
  crew_id, path, source, blurhash
) values (
  @crew_id, @path, sqlc.narg(source), sqlc.narg(blurhash)
)
on conflict (crew_id, path) do update
set
  source = excluded.source,
  blurhash = excluded.blurhash
returning *;

-- name: ListCrewPortraits :many
-- The portraits of a crew row, the primary one first, then the oldest; at most 500.
select *
from qar.crew_portraits
where crew_id = @crew_id
order by is_primary desc, created_at, id
limit 500;

-- name: ClearPrimaryCrewPortrait :execrows
-- Leaves a crew row without a primary portrait: the first half of choosing another.
update qar.crew_portraits
set is_primary = false
where crew_id = @crew_id
  and is_primary;

-- name: SetPrimaryCrewPortrait :execrows
-- Makes a portrait of a crew row the primary one. ClearPrimaryCrewPortrait has to come first in
-- the same transaction: a second primary portrait is an error.
update qar.crew_portraits
set is_primary = true
where crew_id = @crew_id
  and id = @id;
