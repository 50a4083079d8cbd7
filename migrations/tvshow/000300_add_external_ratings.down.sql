-- Drop the ratings of other sites from tvshow.series.
alter table if exists tvshow.series
    drop column if exists external_ratings;
