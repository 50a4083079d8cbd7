-- The networks that show series.

-- name: GetNetwork :one
-- The network with this id.
-- @since 302
select *
from tvshow.networks
where id = @id;

-- name: GetNetworkByTMDbID :one
-- The network with this TMDb id.
-- @since 302
select *
from tvshow.networks
where tmdb_id = @tmdb_id;

-- name: ListNetworksBySeries :many
-- The networks of a series by name.
-- @since 302
select networks.*
from tvshow.networks
join tvshow.series_networks as pairs on pairs.network_id = networks.id
where pairs.series_id = @series_id
order by networks.name, networks.id
limit 10000;

-- name: CreateNetwork :one
-- Adds a network, or describes the one with this TMDb id anew: what is null now is null then.
-- Without a TMDb id each call adds one.
-- @since 302
insert into tvshow.networks (
  tmdb_id, name, logo_path, origin_country
) values (
  sqlc.narg(tmdb_id), @name, sqlc.narg(logo_path), sqlc.narg(origin_country)
)
on conflict (tmdb_id) do update
set
  name = excluded.name,
  logo_path = excluded.logo_path,
  origin_country = excluded.origin_country
returning *;

-- name: AddSeriesNetwork :exec
-- Says that a network shows a series; nothing happens when that is known.
insert into tvshow.series_networks (
  series_id, network_id
) values (
  @series_id, @network_id
)
on conflict (series_id, network_id) do nothing;

-- name: DeleteSeriesNetworks :exec
-- Takes a series off all its networks.
delete from tvshow.series_networks
where series_id = @series_id;

-- name: ListSeriesByNetwork :many
-- A page of the series of a network, latest first air date first; those without one come last.
-- @since 300
select series.*
from tvshow.series
join tvshow.series_networks as pairs on pairs.series_id = series.id
where pairs.network_id = @network_id
order by series.first_air_date desc nulls last, series.id
limit @limit
offset @offset;
