-- What users keep: marked voyages, enlisted crew, and their ratings, the bounties.

-- name: MarkVoyage :execrows
-- Marks a voyage as a favourite of a user; a mark that is there keeps its time.
insert into qar.marked_charts (
  user_id, voyage_id
) values (
  @user_id, @voyage_id
)
on conflict (user_id, voyage_id) do nothing;

-- name: UnmarkVoyage :execrows
-- Takes the mark away.
delete from qar.marked_charts
where user_id = @user_id
  and voyage_id = @voyage_id;

-- name: ListMarkedVoyages :many
-- A page of the live voyages a user has marked, with when; latest mark first.
select
  voyages.*,
  marks.created_at as marked_at
from qar.voyages
join qar.marked_charts as marks on marks.voyage_id = voyages.id
where marks.user_id = @user_id
  and voyages.deleted_at is null
order by marks.created_at desc, voyages.id
limit @limit
offset @offset;

-- name: EnlistCrew :execrows
-- Makes a crew row a favourite of a user; one that is enlisted keeps its time.
insert into qar.crew_roster (
  user_id, crew_id
) values (
  @user_id, @crew_id
)
on conflict (user_id, crew_id) do nothing;

-- name: DischargeCrew :execrows
-- Takes a crew row off a user's favourites.
delete from qar.crew_roster
where user_id = @user_id
  and crew_id = @crew_id;

-- name: ListEnlistedCrew :many
-- A page of a user's favourite crew with when they were enlisted, latest first.
select
  crew.*,
  roster.enlisted_at
from qar.crew
join qar.crew_roster as roster on roster.crew_id = crew.id
where roster.user_id = @user_id
order by roster.enlisted_at desc, crew.id
limit @limit
offset @offset;

-- name: SetVoyageBounty :one
-- Rates a voyage, 1 to 10; an earlier rating of the user is replaced.
insert into qar.bounties (
  user_id, voyage_id, reward
) values (
  @user_id, @voyage_id, @reward
)
on conflict (user_id, voyage_id) do update
set reward = excluded.reward
returning *;

-- name: ClearVoyageBounty :execrows
-- Takes a user's rating of a voyage away.
delete from qar.bounties
where user_id = @user_id
  and voyage_id = @voyage_id;
