-- Rows of the new table or the changed ones.
insert into tvshow.series_genres (series_id, slug, name)
select id, 'added', 'Added' from tvshow.series
on conflict (series_id, slug) do nothing;
