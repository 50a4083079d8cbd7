-- The new columns filled, where the version has any.
update tvshow.series set external_ratings = '[]';
