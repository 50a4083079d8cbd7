-- Give public.movies titles, taglines and overviews by language, and age ratings by country.
-- original_language is as old as the table: it stays nullable and without a default, and is only indexed.
-- quartermaster: allow backfill-under-lock, index-blocks-writes: part of the base schema, which is there before the application first runs
alter table public.movies
    add column if not exists titles_i18n    jsonb default '{}',
    add column if not exists taglines_i18n  jsonb default '{}',
    add column if not exists overviews_i18n jsonb default '{}',
    add column if not exists age_ratings    jsonb default '{}';

-- What is stored so far counts as English. Rows with any translated title were filled by somebody else.
update public.movies
set original_language = coalesce(original_language, 'en'),
    titles_i18n = jsonb_build_object('en', title),
    taglines_i18n = case when tagline <> '' then jsonb_build_object('en', tagline) else '{}' end,
    overviews_i18n = case when overview <> '' then jsonb_build_object('en', overview) else '{}' end
where titles_i18n = '{}';

create index if not exists idx_movies_titles_i18n on public.movies using gin (titles_i18n);
create index if not exists idx_movies_taglines_i18n on public.movies using gin (taglines_i18n);
create index if not exists idx_movies_overviews_i18n on public.movies using gin (overviews_i18n);
create index if not exists idx_movies_age_ratings on public.movies using gin (age_ratings);
create index if not exists idx_movies_original_language on public.movies (original_language);
