-- A film with translations and age ratings, and one whose four new columns are NULL.
insert into public.movies (
    id, tmdb_id, title, original_language, titles_i18n, taglines_i18n, overviews_i18n, age_ratings
)
values
    ('00000000-0000-0000-0003-000000000004', 129, 'Spirited Away', 'ja',
     '{"en": "Spirited Away", "de": "Chihiros Reise ins Zauberland", "ja": "千と千尋の神隠し"}',
     '{}', '{"en": "A girl among spirits."}', '{"DE": {"FSK": "0"}, "US": {"MPAA": "PG"}}'),
    ('00000000-0000-0000-0003-000000000005', null, 'Nothing translated', null, null, null, null, null)
on conflict (id) do nothing;
