-- Drop shared.user_settings with its keys and indexes.
drop table if exists shared.user_settings;
