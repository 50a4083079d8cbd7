-- Tie the tokens of shared.auth_tokens to the session they were issued in. Older ones have none.
-- quartermaster: formerly 42
-- quartermaster: allow constraint-scans: the column is new: there is nothing to compare yet
-- quartermaster: allow index-blocks-writes: tokens live for hours or days, so that there are few
alter table shared.auth_tokens
    add column session_id uuid,
    add constraint auth_tokens_session_id_fkey
        foreign key (session_id) references shared.sessions (id) on delete set null;

create index idx_auth_tokens_session_id on shared.auth_tokens (session_id)
    where session_id is not null and revoked_at is null;
