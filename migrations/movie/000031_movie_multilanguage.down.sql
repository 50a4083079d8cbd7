-- Drop the translations and age ratings of public.movies, and the index on its original language.
-- The column original_language belongs to version 021 and keeps the values it has, filled-in ones too.
drop index if exists public.idx_movies_original_language;
drop index if exists public.idx_movies_age_ratings;
drop index if exists public.idx_movies_overviews_i18n;
drop index if exists public.idx_movies_taglines_i18n;
drop index if exists public.idx_movies_titles_i18n;

alter table if exists public.movies
    drop column if exists age_ratings,
    drop column if exists overviews_i18n,
    drop column if exists taglines_i18n,
    drop column if exists titles_i18n;
