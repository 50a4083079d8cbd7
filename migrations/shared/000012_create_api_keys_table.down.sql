-- Drop shared.api_keys with its keys and indexes.
drop table if exists shared.api_keys;
