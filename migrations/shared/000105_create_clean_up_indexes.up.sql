-- quartermaster: no-transaction
-- Indexes for what the earlier ones leave to a scan of the whole table: rows to be removed because
-- they have expired or were used up, whatever else they are, the login states of a provider, and
-- the versions of avatars that were deleted.
create index concurrently idx_sessions_expiry on shared.sessions (expires_at);

create index concurrently idx_sessions_revoked_at on shared.sessions (revoked_at)
    where revoked_at is not null;

create index concurrently idx_auth_tokens_expiry on shared.auth_tokens (expires_at);

create index concurrently idx_auth_tokens_revoked_at on shared.auth_tokens (revoked_at)
    where revoked_at is not null;

create index concurrently idx_password_reset_tokens_expiry
    on shared.password_reset_tokens (expires_at);

create index concurrently idx_password_reset_tokens_used_at
    on shared.password_reset_tokens (used_at) where used_at is not null;

create index concurrently idx_email_verification_tokens_expiry
    on shared.email_verification_tokens (expires_at);

create index concurrently idx_email_verification_tokens_verified_at
    on shared.email_verification_tokens (verified_at) where verified_at is not null;

create index concurrently idx_api_keys_expiry on shared.api_keys (expires_at)
    where expires_at is not null;

create index concurrently idx_oidc_states_provider_id on shared.oidc_states (provider_id);

create index concurrently idx_user_avatars_all_versions
    on shared.user_avatars (user_id, version desc);
