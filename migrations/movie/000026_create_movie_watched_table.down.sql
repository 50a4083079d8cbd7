-- Drop public.movie_watched with its keys, indexes and trigger.
drop table if exists public.movie_watched;
