-- Settings beside the seven that the migration brings: one with limits, one secret, one undecided.
insert into shared.server_settings (
    key, value, description, category, data_type, is_secret, is_public, allowed_values, min_value, max_value, pattern,
    updated_by
)
values
    ('ui.page_size', '50', 'Rows on a page', 'ui', 'number', false, true, null, 10, 200.5, null,
     '00000000-0000-0000-0001-000000000001'),
    ('security.smtp_password', '"hush"', null, null, 'string', true, null, '["a", "b"]', null, null, '^.+$', null),
    ('features.trailers', 'true', null, 'features', 'boolean', null, null, null, null, null, null, null);
