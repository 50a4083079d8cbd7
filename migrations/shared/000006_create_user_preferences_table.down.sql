-- Drop shared.user_preferences with its keys, checks and indexes.
drop table if exists shared.user_preferences;
