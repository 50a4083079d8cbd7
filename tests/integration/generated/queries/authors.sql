-- name: GetAuthor :one
-- The author with this id.
SELECT * FROM authors
WHERE id = $1 LIMIT 1;

/* name: ListAuthors :many */
SELECT * FROM authors ORDER BY name, id LIMIT $1 OFFSET $2;

-- name: CreateAuthor :one
INSERT INTO authors (name, bio, mood, moods, born, mail, home, active, place, years)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING *;

-- name: NameAuthors :copyfrom
INSERT INTO authors (name, mood, born, mail, tags, fee, settings, picture, since)
VALUES (@name, @mood, sqlc.narg('born'), @mail, @tags, sqlc.narg(fee), @settings, sqlc.narg(picture), sqlc.narg(since));

-- name: CopyMoods :copyfrom
INSERT INTO authors (name, moods) VALUES ($1, $2);

-- name: RenameAuthor :execresult
UPDATE authors SET name = $2 WHERE id = $1;

-- name: DeleteAuthors :execrows
DELETE FROM authors WHERE name = ANY(@names::text[]);

-- name: CountAuthors :one
SELECT count(*) FROM authors;

-- name: AuthorNames :many
SELECT name FROM authors ORDER BY id;

-- name: AuditedAuthors :many
SELECT * FROM audit.authors ORDER BY id;

-- name: MoodsOf :many
SELECT mood, count(*) AS authors FROM authors GROUP BY mood ORDER BY mood;
