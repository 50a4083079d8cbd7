-- name: Delete :many
-- Ends in a backslash: \
-- and has a "??/" and an */ end.
select * from odd."class" where "read" = @db;

-- name: operator :one
select count(*), exists (select), 1 as "?column?", null::text, 'a' as "std", $$"
\
??=$$ as "qm"
from odd.hosts where id = sqlc.narg(params) or id = sqlc.arg('params ');

-- name: Hosts :one
select * from odd.hosts where id = @options;

-- name: Result :execrows
-- @sensitive operator
update odd.hosts set "operator" = @operator, id = @class where id = @read;

-- name: TakesEverything :exec
select @a::boolean, @b::smallint, @c::bigint, @d::real, @e::double precision, @f::numeric,
  @g::uuid, @h::date, @i::time, @j::timestamp, @k::timestamptz, @l::interval, @m::json,
  @n::jsonb, @o::inet, @p::bytea, @q::text[], @r::uuid[], @s::odd."Mood", @t::oid, @u::"char",
  @v::bpchar, @w::name, @x::xml, @y::cidr, sqlc.narg(z)::timestamptz[];

-- name: GivesEverything :many
select true as a, 1::smallint as b, 1::bigint as c, 1::real as d, 1::double precision as e,
  1::numeric as f, null::uuid as g, null::date as h, null::time as i, null::timestamp as j,
  null::timestamptz as k, null::interval as l, null::json as m, null::jsonb as n, null::inet as o,
  null::bytea as p, null::text[] as q, null::uuid[] as r, null::odd."Mood" as s, null::oid as t,
  null::"char" as u, null::bpchar as v, null::name as w, null::xml as x, null::cidr as y;

-- name: Pairs :many
-- Rows within rows; of the second there may be none.
select sqlc.embed("class"), sqlc.embed(hosts), 1 as "hosts", sqlc.embed(o)
from odd."class" join odd.hosts on true left join odd.hosts o on o.id > 5;
