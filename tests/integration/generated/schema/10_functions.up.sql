CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT CASE WHEN n > 0 THEN n * 2 ELSE 0 END;
END;

CREATE VIEW titles AS
SELECT authors.id, authors.name, book.title
FROM authors LEFT JOIN "Book List" AS book ON book.author_id = authors.id;
