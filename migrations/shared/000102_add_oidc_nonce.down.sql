-- Drop the nonce of shared.oidc_states.
alter table if exists shared.oidc_states
    drop column if exists nonce;
