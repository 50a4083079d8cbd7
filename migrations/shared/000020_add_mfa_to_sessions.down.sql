-- Drop the second-factor columns of shared.sessions and their index.
drop index if exists shared.idx_sessions_mfa_verified;

alter table if exists shared.sessions
    drop column if exists mfa_verified_at,
    drop column if exists mfa_verified;
