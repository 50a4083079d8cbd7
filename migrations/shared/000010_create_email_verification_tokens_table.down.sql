-- Drop shared.email_verification_tokens with its keys and indexes.
drop table if exists shared.email_verification_tokens;
