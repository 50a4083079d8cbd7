-- Drop public.movies with its keys, indexes and trigger.
drop table if exists public.movies;
