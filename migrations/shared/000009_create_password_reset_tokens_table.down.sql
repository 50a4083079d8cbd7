-- Drop shared.password_reset_tokens with its keys and indexes.
drop table if exists shared.password_reset_tokens;
