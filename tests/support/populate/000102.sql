-- The new columns filled, where the version has any.
update shared.oidc_states set nonce = repeat('n', 128);
