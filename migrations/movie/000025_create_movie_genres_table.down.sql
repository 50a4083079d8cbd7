-- Drop public.movie_genres with its keys and indexes.
drop table if exists public.movie_genres;
