-- The links of voyages and expeditions to their crew and flags.

-- name: SetVoyageCrew :execrows
-- Links a crew row to a voyage. For one that is linked, credit and position become the given
-- ones, null included.
insert into qar.voyage_crew (
  voyage_id, crew_id, credited_as, position
) values (
  @voyage_id, @crew_id, sqlc.narg(credited_as), sqlc.narg(position)
)
on conflict (voyage_id, crew_id) do update
set
  credited_as = excluded.credited_as,
  position = excluded.position;

-- name: RemoveVoyageCrew :execrows
-- Takes a crew row off a voyage; both stay.
delete from qar.voyage_crew
where voyage_id = @voyage_id
  and crew_id = @crew_id;

-- name: ListVoyageCrew :many
-- The crew of a voyage by position, those without one last and by name; at most 500.
select
  crew.*,
  links.credited_as,
  links.position
from qar.crew
join qar.voyage_crew as links on links.crew_id = crew.id
where links.voyage_id = @voyage_id
order by links.position asc nulls last, crew.name, crew.id
limit 500;

-- name: AddVoyageFlag :execrows
-- Gives a voyage a flag; one that it has already is left alone.
insert into qar.voyage_flags (
  voyage_id, flag_id
) values (
  @voyage_id, @flag_id
)
on conflict (voyage_id, flag_id) do nothing;

-- name: RemoveVoyageFlag :execrows
-- Takes a flag off a voyage; both stay.
delete from qar.voyage_flags
where voyage_id = @voyage_id
  and flag_id = @flag_id;

-- name: ListVoyageFlags :many
-- The flags of a voyage by name, at most 500.
select flags.*
from qar.flags
join qar.voyage_flags as links on links.flag_id = flags.id
where links.voyage_id = @voyage_id
order by flags.name
limit 500;

-- name: SetExpeditionCrew :execrows
-- Links a crew row to an expedition. For one that is linked, credit and position become the given
-- ones, null included.
insert into qar.expedition_crew (
  expedition_id, crew_id, credited_as, position
) values (
  @expedition_id, @crew_id, sqlc.narg(credited_as), sqlc.narg(position)
)
on conflict (expedition_id, crew_id) do update
set
  credited_as = excluded.credited_as,
  position = excluded.position;

-- name: RemoveExpeditionCrew :execrows
-- Takes a crew row off an expedition; both stay.
delete from qar.expedition_crew
where expedition_id = @expedition_id
  and crew_id = @crew_id;

-- name: ListExpeditionCrew :many
-- The crew of an expedition by position, those without one last and by name; at most 500.
select
  crew.*,
  links.credited_as,
  links.position
from qar.crew
join qar.expedition_crew as links on links.crew_id = crew.id
where links.expedition_id = @expedition_id
order by links.position asc nulls last, crew.name, crew.id
limit 500;

-- name: AddExpeditionFlag :execrows
-- Gives an expedition a flag; one that it has already is left alone.
insert into qar.expedition_flags (
  expedition_id, flag_id
) values (
  @expedition_id, @flag_id
)
on conflict (expedition_id, flag_id) do nothing;

-- name: RemoveExpeditionFlag :execrows
-- Takes a flag off an expedition; both stay.
delete from qar.expedition_flags
where expedition_id = @expedition_id
  and flag_id = @flag_id;

-- name: ListExpeditionFlags :many
-- The flags of an expedition by name, at most 500.
select flags.*
from qar.flags
join qar.expedition_flags as links on links.flag_id = flags.id
where links.expedition_id = @expedition_id
order by flags.name
limit 500;
