-- Drop the members of the movie collections, then the collections, with keys, indexes and trigger.
drop table if exists public.movie_collection_members;
drop table if exists public.movie_collections;
