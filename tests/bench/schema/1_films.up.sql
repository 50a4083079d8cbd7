-- Ten columns of mixed types, filled from the 3,201 films of movies.csv.
create table films (
  id bigint primary key,
  title text not null,
  released date,
  runtime integer,
  rating double precision,
  votes integer,
  gross bigint,
  is_rated boolean not null,
  genre text,
  added timestamptz not null
);
create table film_copies (like films);
