-- Composite types within composite types, ranges, and arrays of both.
CREATE TYPE room AS (label text, size numeric(5, 1), built birth_year, mood mood, tags text[]);
CREATE TYPE house AS (address address, rooms room[], open int4range, "class" boolean);

CREATE TABLE houses (
    id integer PRIMARY KEY,
    house house,
    flats address[],
    weeks daterange[] NOT NULL DEFAULT '{}',
    years int8range NOT NULL DEFAULT 'empty',
    price numrange,
    built tsrange,
    seen tstzrange
);
