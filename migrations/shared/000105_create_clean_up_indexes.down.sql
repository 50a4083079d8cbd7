-- quartermaster: no-transaction
-- Drop the indexes for clean-ups; these read whole tables again.
drop index concurrently if exists shared.idx_user_avatars_all_versions;

drop index concurrently if exists shared.idx_oidc_states_provider_id;

drop index concurrently if exists shared.idx_api_keys_expiry;

drop index concurrently if exists shared.idx_email_verification_tokens_verified_at;

drop index concurrently if exists shared.idx_email_verification_tokens_expiry;

drop index concurrently if exists shared.idx_password_reset_tokens_used_at;

drop index concurrently if exists shared.idx_password_reset_tokens_expiry;

drop index concurrently if exists shared.idx_auth_tokens_revoked_at;

drop index concurrently if exists shared.idx_auth_tokens_expiry;

drop index concurrently if exists shared.idx_sessions_revoked_at;

drop index concurrently if exists shared.idx_sessions_expiry;
