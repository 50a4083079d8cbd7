-- Require a TMDb number of tvshow.networks again. Networks without one get a negative number.
update tvshow.networks as network
set tmdb_id = numbered.number
from (
    select
        id,
        (least(0, (select min(tmdb_id) from tvshow.networks)) - row_number() over (order by id))::integer
            as number
    from tvshow.networks
    where tmdb_id is null
) as numbered
where numbered.id = network.id;

alter table if exists tvshow.networks
    alter column tmdb_id set not null;
