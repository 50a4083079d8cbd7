-- Drop the metadata language of shared.user_preferences.
alter table if exists shared.user_preferences
    drop column if exists metadata_language;
