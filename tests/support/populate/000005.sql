-- Settings of two users under the same key, and one without description and category.
insert into shared.user_settings (user_id, key, value, description, category, data_type)
values
    ('00000000-0000-0000-0001-000000000001', 'ui.density', '"compact"', 'Row height', 'ui', 'string'),
    ('00000000-0000-0000-0001-000000000002', 'ui.density', '"wide"', 'Row height', 'ui', 'string'),
    ('00000000-0000-0000-0001-000000000002', 'playback.next', '{"seconds": 5}', null, null, 'json');
