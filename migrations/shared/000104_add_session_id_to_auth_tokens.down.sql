-- Drop the session of shared.auth_tokens, with its foreign key and index.
drop index if exists shared.idx_auth_tokens_session_id;

alter table if exists shared.auth_tokens
    drop column if exists session_id;
