-- Add the nonce of an authentication request to shared.oidc_states.
-- quartermaster: formerly 38
alter table shared.oidc_states
    add column nonce varchar(128);
