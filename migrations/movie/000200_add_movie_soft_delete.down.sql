-- Drop the soft deletion of movies, their files, credits and collections. Rows that are deleted
-- softly come back.
drop index if exists public.idx_movie_collections_deleted_at;
drop index if exists public.idx_movie_credits_deleted_at;
drop index if exists public.idx_movie_files_deleted_at;
drop index if exists public.idx_movies_deleted_at;

alter table if exists public.movie_collections
    drop column if exists deleted_at;
alter table if exists public.movie_credits
    drop column if exists deleted_at;
alter table if exists public.movie_files
    drop column if exists deleted_at;
alter table if exists public.movies
    drop column if exists deleted_at;
