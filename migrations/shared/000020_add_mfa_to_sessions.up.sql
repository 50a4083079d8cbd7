-- Record on shared.sessions whether, and when, the second factor was given.
-- quartermaster: allow index-blocks-writes: part of the base schema, which is there before the application first runs
alter table shared.sessions
    add column mfa_verified    boolean     not null default false,
    add column mfa_verified_at timestamptz;

create index idx_sessions_mfa_verified on shared.sessions (user_id, mfa_verified) where revoked_at is null;
