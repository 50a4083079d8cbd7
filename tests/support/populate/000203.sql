-- Rows of the new table or the changed ones.
insert into movie.movie_genres (movie_id, slug, name)
select id, 'added', 'Added' from movie.movies
on conflict (movie_id, slug) do nothing;
