-- Add the nonce of an authentication request to shared.oidc_states.
alter table shared.oidc_states
    add column nonce varchar(128);
