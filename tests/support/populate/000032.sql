-- Two series with everything below them: one complete, one with as many NULLs as the tables allow.
insert into tvshow.series (
    id, tmdb_id, tvdb_id, imdb_id, sonarr_id, title, tagline, overview, titles_i18n, taglines_i18n, overviews_i18n,
    age_ratings, original_language, original_title, status, type, first_air_date, last_air_date, vote_average,
    vote_count, popularity, poster_path, backdrop_path, total_seasons, total_episodes, trailer_url, homepage,
    metadata_updated_at
)
values
    ('00000000-0000-0000-0004-000000000001', 1396, 81189, 'tt0903747', 31, 'Breaking Bad', 'Change the equation.',
     'A teacher cooks.', '{"en": "Breaking Bad"}', '{"en": "Change the equation."}', '{"en": "A teacher cooks."}',
     '{"US": {"TV": "TV-MA"}}', 'en', 'Breaking Bad', 'Ended', 'Scripted', '2008-01-20', '2013-09-29', 8.92, 13000,
     250.500, '/ps.jpg', '/bs.jpg', 5, 62, 'https://example.org/ts', 'https://example.org/bb', '2024-02-01 00:00+00');

insert into tvshow.series (id, title)
values ('00000000-0000-0000-0004-000000000002', 'Untitled "pilot"');

insert into tvshow.seasons (
    id, series_id, tmdb_id, season_number, name, overview, names_i18n, overviews_i18n, poster_path, episode_count,
    air_date, vote_average
)
values
    ('00000000-0000-0000-0030-000000000001', '00000000-0000-0000-0004-000000000001', 3572, 1, 'Season 1',
     'The first.', '{"de": "Staffel 1"}', '{}', '/s1.jpg', 7, '2008-01-20', 8.30),
    ('00000000-0000-0000-0030-000000000002', '00000000-0000-0000-0004-000000000002', null, 0, 'Specials',
     null, '{}', '{}', null, 0, null, null);

insert into tvshow.episodes (
    id, series_id, season_id, tmdb_id, tvdb_id, imdb_id, season_number, episode_number, title, overview, titles_i18n,
    overviews_i18n, air_date, runtime, vote_average, vote_count, still_path, production_code
)
values
    ('00000000-0000-0000-0031-000000000001', '00000000-0000-0000-0004-000000000001',
     '00000000-0000-0000-0030-000000000001', 62085, 349232, 'tt0959621', 1, 1, 'Pilot', 'It begins.',
     '{"en": "Pilot"}', '{"en": "It begins."}', '2008-01-20', 58, 8.10, 2000, '/e1.jpg', '1AX01'),
    ('00000000-0000-0000-0031-000000000002', '00000000-0000-0000-0004-000000000001',
     '00000000-0000-0000-0030-000000000001', 62086, null, null, 1, 2, 'Cat''s in the Bag...', null,
     '{}', '{}', null, null, null, null, null, null),
    ('00000000-0000-0000-0031-000000000003', '00000000-0000-0000-0004-000000000002',
     '00000000-0000-0000-0030-000000000002', null, null, null, 0, 1, 'Pilot', null,
     '{}', '{}', null, null, null, null, null, null);

insert into tvshow.episode_files (
    id, episode_id, file_path, file_name, file_size, container, resolution, quality_profile, video_codec, audio_codec,
    bitrate_kbps, duration_seconds, audio_languages, subtitle_languages, sonarr_file_id
)
values
    ('00000000-0000-0000-0032-000000000001', '00000000-0000-0000-0031-000000000001', '/srv/series/bb/s01e01.mkv',
     's01e01.mkv', 4294967296, 'mkv', '1080p', 'HD', 'h264', 'aac', 4500, 3480.125, '{en}', '{de,fr}', 41),
    ('00000000-0000-0000-0032-000000000002', '00000000-0000-0000-0031-000000000003', '/srv/series/?.ts', '?.ts', 0,
     null, null, null, null, null, null, null, '{}', '{}', null);

insert into tvshow.episode_watched (
    id, user_id, episode_id, progress_seconds, duration_seconds, is_completed, watch_count, last_watched_at
)
values
    ('00000000-0000-0000-0033-000000000001', '00000000-0000-0000-0001-000000000001',
     '00000000-0000-0000-0031-000000000001', 3480, 3480, true, 2, '2024-05-01 21:00+00'),
    ('00000000-0000-0000-0033-000000000002', '00000000-0000-0000-0001-000000000001',
     '00000000-0000-0000-0031-000000000002', 60, 2880, false, 0, '2024-05-02 21:00+00'),
    ('00000000-0000-0000-0033-000000000003', '00000000-0000-0000-0001-000000000002',
     '00000000-0000-0000-0031-000000000003', 0, 0, false, 0, null);

insert into tvshow.series_genres (id, series_id, tmdb_genre_id, name)
values
    ('00000000-0000-0000-0034-000000000001', '00000000-0000-0000-0004-000000000001', 18, 'Drama'),
    ('00000000-0000-0000-0034-000000000002', '00000000-0000-0000-0004-000000000001', 10759, 'Action & Adventure'),
    ('00000000-0000-0000-0034-000000000003', '00000000-0000-0000-0004-000000000002', 18, 'Drama');

insert into tvshow.series_credits (
    id, series_id, tmdb_person_id, name, credit_type, character, cast_order, job, department, profile_path
)
values
    ('00000000-0000-0000-0035-000000000001', '00000000-0000-0000-0004-000000000001', 17419, 'Bryan Cranston', 'cast',
     'Walter White', 0, null, null, '/bc.jpg'),
    ('00000000-0000-0000-0035-000000000002', '00000000-0000-0000-0004-000000000001', 66633, 'Vince Gilligan', 'crew',
     null, null, 'Creator', 'Writing', null);

insert into tvshow.episode_credits (
    id, episode_id, tmdb_person_id, name, credit_type, character, cast_order, job, department, profile_path
)
values
    ('00000000-0000-0000-0036-000000000001', '00000000-0000-0000-0031-000000000001', 92495, 'John Koyama', 'guest_star',
     'Emilio', 5, null, null, '/jk.jpg'),
    ('00000000-0000-0000-0036-000000000002', '00000000-0000-0000-0031-000000000001', 66633, 'Vince Gilligan', 'crew',
     null, null, 'Director', 'Directing', null);

insert into tvshow.networks (id, tmdb_id, name, logo_path, origin_country)
values
    ('00000000-0000-0000-0037-000000000001', 174, 'AMC', '/amc.png', 'US'),
    ('00000000-0000-0000-0037-000000000002', 0, 'Nobody', null, null);

insert into tvshow.series_networks (series_id, network_id)
values
    ('00000000-0000-0000-0004-000000000001', '00000000-0000-0000-0037-000000000001'),
    ('00000000-0000-0000-0004-000000000001', '00000000-0000-0000-0037-000000000002'),
    ('00000000-0000-0000-0004-000000000002', '00000000-0000-0000-0037-000000000002');
