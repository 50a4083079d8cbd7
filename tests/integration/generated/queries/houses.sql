-- name: AddHouse :exec
INSERT INTO houses (id, house, flats, weeks, years, price, built, seen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: CopyHouses :copyfrom
INSERT INTO houses (id, house, weeks) VALUES ($1, $2, $3);

-- name: GetHouse :one
SELECT * FROM houses WHERE id = $1;

-- name: HousesAsText :one
SELECT house, years, price, seen, NULL::point AS nowhere FROM houses WHERE id = $1;

-- name: HousesBetween :many
SELECT id FROM houses WHERE years && sqlc.arg(years)::int8range AND (house).address = @address::address ORDER BY id;
