-- The new columns filled, where the version has any.
update public.movies set external_ratings = '[{"source": "imdb", "value": 8.5}]';
