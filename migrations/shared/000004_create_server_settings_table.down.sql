-- Drop shared.server_settings with its rows, keys and indexes.
drop table if exists shared.server_settings;
