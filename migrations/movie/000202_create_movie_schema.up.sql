-- Give the movie tables a schema of their own. Constraints, indexes and triggers move along; the
-- trigger function stays in shared.
-- quartermaster: formerly 36
-- quartermaster: allow renames: the release that brings this version is the first that looks in schema movie
create schema if not exists movie;

alter table public.movies set schema movie;
alter table public.movie_files set schema movie;
alter table public.movie_credits set schema movie;
alter table public.movie_collections set schema movie;
alter table public.movie_collection_members set schema movie;
alter table public.movie_genres set schema movie;
alter table public.movie_watched set schema movie;
