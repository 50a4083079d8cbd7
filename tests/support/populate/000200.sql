-- The new columns filled, where the version has any.
update public.movies set deleted_at = now() where id = (select min(id::text)::uuid from public.movies);
update public.movie_files set deleted_at = now();
update public.movie_credits set deleted_at = now() where credit_type = 'crew';
update public.movie_collections set deleted_at = now();
