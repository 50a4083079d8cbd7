-- A schema as an application that knows nothing of plugins has it: the types, names and shapes that
-- are easily got wrong, in the files of golang-migrate.
CREATE EXTENSION IF NOT EXISTS citext;

CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy', 'class');
CREATE DOMAIN birth_year AS integer CHECK (VALUE BETWEEN 1000 AND 3000);
CREATE TYPE address AS (street text, zip integer);

CREATE TABLE authors (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    bio text,
    mood mood NOT NULL DEFAULT 'ok',
    moods mood[],
    born birth_year,
    mail citext UNIQUE,
    home address,
    active tstzrange,
    place point,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED,
    tags text[] NOT NULL DEFAULT '{}',
    years birth_year[],
    fee numeric(10, 2),
    settings jsonb NOT NULL DEFAULT '{}',
    picture bytea,
    since timestamptz,
    "größe" smallint,
    "class" text
);

CREATE TABLE "Book List" (
    id integer PRIMARY KEY,
    author_id bigint REFERENCES authors ON DELETE CASCADE,
    title varchar(20) NOT NULL,
    mood mood NOT NULL DEFAULT 'ok',
    data jsonb
);
