-- Drop the ratings of other sites from public.movies.
alter table if exists public.movies
    drop column if exists external_ratings;
