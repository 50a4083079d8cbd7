-- Films before they were multilingual: complete, with empty texts, with nothing but a title.
insert into public.movies (
    id, tmdb_id, imdb_id, title, original_title, year, release_date, runtime, overview, tagline, status,
    original_language, poster_path, backdrop_path, trailer_url, vote_average, vote_count, popularity, budget, revenue,
    library_added_at, metadata_updated_at, radarr_id
)
values
    ('00000000-0000-0000-0003-000000000001', 346, 'tt0047478', 'Seven Samurai', '七人の侍', 1954, '1954-04-26', 207,
     'A village hires seven samurai.', 'The mighty warriors', 'released', 'ja', '/p1.jpg', '/b1.jpg',
     'https://example.org/t1', 8.5, 3500, 41.125, 500000, 3000000000, '2024-01-10 00:00+00', '2024-01-11 00:00+00', 11),
    ('00000000-0000-0000-0003-000000000002', 62, 'tt0062622', '2001: A Space Odyssey', '2001: A Space Odyssey', 1968,
     '1968-04-02', 149, '', '', 'released', null, null, null, null, 10.0, 0, 0.001, null, null,
     '2024-01-12 00:00+00', null, null),
    ('00000000-0000-0000-0003-000000000003', null, null, 'It''s "untitled"', null, null, null, null, null, null, null,
     null, null, null, null, null, null, null, null, null, '2024-01-13 00:00+00', null, null);
