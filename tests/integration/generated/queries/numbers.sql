-- name: CountTo :many
SELECT n FROM generate_series(1, @last::integer) AS n;

-- name: Shares :many
-- What each of n gets of a hundred; an error once n is 0.
SELECT n, 100 / n AS share FROM generate_series(@first::integer, 0, -1) AS n;
