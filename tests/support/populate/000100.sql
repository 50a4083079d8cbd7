-- The new columns filled, where the version has any.
update shared.user_preferences set metadata_language = 'pt-BR';
