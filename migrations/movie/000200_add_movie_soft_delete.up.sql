-- Let movies, their files, credits and collections be deleted softly. Unique constraints stay as they
-- are: a row that is deleted softly keeps its place.
-- quartermaster: formerly 34
-- quartermaster: allow index-blocks-writes: a library has thousands of films, not millions: this takes milliseconds
alter table public.movie_collections
    add column deleted_at timestamptz;
alter table public.movie_credits
    add column deleted_at timestamptz;
alter table public.movie_files
    add column deleted_at timestamptz;
alter table public.movies
    add column deleted_at timestamptz;

create index idx_movie_collections_deleted_at on public.movie_collections (deleted_at) where deleted_at is null;
create index idx_movie_credits_deleted_at on public.movie_credits (deleted_at) where deleted_at is null;
create index idx_movie_files_deleted_at on public.movie_files (deleted_at) where deleted_at is null;
create index idx_movies_deleted_at on public.movies (deleted_at) where deleted_at is null;
