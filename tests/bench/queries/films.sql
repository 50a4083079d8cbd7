-- name: GetFilm :one
select * from films where id = $1;

-- name: GetFilms :batchone
select * from films where id = $1;

-- name: ManyFilms :many
-- The films over and over, `count` in all.
select id, title, released, runtime, rating, votes, gross, is_rated, genre, added
from films, generate_series(1, 1 + @count::bigint / 3201) limit @count::bigint;

-- name: CopyFilms :copyfrom
insert into film_copies (id, title, released, runtime, rating, votes, gross, is_rated, genre, added)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
