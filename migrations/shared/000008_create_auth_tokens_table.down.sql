-- Drop shared.auth_tokens with its keys and indexes.
drop table if exists shared.auth_tokens;
