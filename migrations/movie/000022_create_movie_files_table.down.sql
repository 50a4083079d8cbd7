-- Drop public.movie_files with its keys, indexes and trigger.
drop table if exists public.movie_files;
