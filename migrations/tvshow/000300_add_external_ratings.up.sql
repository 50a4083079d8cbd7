-- Add to tvshow.series the ratings of other sites, a JSON array.
-- quartermaster: formerly 35
alter table tvshow.series
    add column external_ratings jsonb not null default '[]';
