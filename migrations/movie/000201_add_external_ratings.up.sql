-- Add to public.movies the ratings of other sites, a JSON array.
-- quartermaster: formerly 35
alter table public.movies
    add column external_ratings jsonb not null default '[]';
