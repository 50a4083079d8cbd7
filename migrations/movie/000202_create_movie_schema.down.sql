-- Move the movie tables back to public and drop their schema, which must be empty.
alter table if exists movie.movie_watched set schema public;
alter table if exists movie.movie_genres set schema public;
alter table if exists movie.movie_collection_members set schema public;
alter table if exists movie.movie_collections set schema public;
alter table if exists movie.movie_credits set schema public;
alter table if exists movie.movie_files set schema public;
alter table if exists movie.movies set schema public;

drop schema if exists movie;
