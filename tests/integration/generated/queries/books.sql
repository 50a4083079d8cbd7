-- name: AddBooks :batchexec
INSERT INTO "Book List" (id, author_id, title, mood, data) VALUES ($1, $2, $3, $4, $5);

-- name: BookById :batchone
SELECT id, title FROM "Book List" WHERE id = $1;

-- name: AddBook :batchone
INSERT INTO "Book List" (id, title) VALUES ($1, $2) RETURNING id, title;

-- name: BooksOf :batchmany
SELECT id, title FROM "Book List" WHERE author_id = @author ORDER BY id;

-- name: BooksByIds :many
SELECT id, title FROM "Book List" WHERE id IN (sqlc.slice('ids')) ORDER BY id;

-- name: AuthorsAndBooks :many
SELECT sqlc.embed(authors), sqlc.embed(book)
FROM authors LEFT JOIN "Book List" AS book ON book.author_id = authors.id
ORDER BY authors.id, book.id;

-- name: WithKey :many
SELECT id FROM "Book List" WHERE data ? $1 AND data @> sqlc.arg('also')::jsonb ORDER BY id;

-- name: Titles :many
SELECT * FROM titles ORDER BY id, title;

-- name: Odd :one
SELECT $$it's -- @not, $1$$ AS "Read", E'\'' /* nested /* @c */ $4 */ AS "class", 1, 2, @ -5 AS a,
    twice(@n) AS twice, row(1, 'x') AS pair, NULL::address AS nowhere, int4range(1, @n) AS range;
