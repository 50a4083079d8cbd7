-- Drop public.movie_credits with its keys, checks, indexes and trigger.
drop table if exists public.movie_credits;
