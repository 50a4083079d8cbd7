-- The default provider and a disabled one, links of two users, and login states with and without a user.
insert into shared.oidc_providers (
    id, name, display_name, provider_type, issuer_url, client_id, client_secret_encrypted, authorization_endpoint,
    token_endpoint, userinfo_endpoint, jwks_uri, end_session_endpoint, scopes, role_mappings, is_enabled, is_default
)
values
    ('00000000-0000-0000-0011-000000000001', 'home', 'Home login', 'authentik', 'https://id.example.org/',
     'quartermaster', '\x00ff10', 'https://id.example.org/authorize', 'https://id.example.org/token',
     'https://id.example.org/userinfo', 'https://id.example.org/jwks', 'https://id.example.org/logout',
     '{openid,groups}', '{"staff": "moderator"}', true, true),
    ('00000000-0000-0000-0011-000000000002', 'work', 'Work login', 'keycloak', 'https://sso.example.org/',
     'qm', '\x01', null, null, null, null, null, '{openid}', '{}', false, false);

insert into shared.oidc_user_links (
    id, user_id, provider_id, subject, email, name, picture_url, access_token_encrypted, refresh_token_encrypted,
    token_expires_at, last_login_at
)
values
    ('00000000-0000-0000-0012-000000000001', '00000000-0000-0000-0001-000000000001',
     '00000000-0000-0000-0011-000000000001', 'sub-1', 'ada@example.org', 'Ada', 'https://id.example.org/ada.png',
     '\xaa', '\xbb', '2030-01-01 00:00+00', '2024-05-01 08:00+00'),
    ('00000000-0000-0000-0012-000000000002', '00000000-0000-0000-0001-000000000002',
     '00000000-0000-0000-0011-000000000001', 'sub-2', null, null, null, null, null, null, null);

insert into shared.oidc_states (id, state, code_verifier, provider_id, user_id, redirect_url, expires_at)
values
    ('00000000-0000-0000-0013-000000000001', 'state-1', repeat('v', 128), '00000000-0000-0000-0011-000000000001',
     '00000000-0000-0000-0001-000000000001', '/settings', '2030-01-01 00:00+00'),
    ('00000000-0000-0000-0013-000000000002', 'state-2', null, '00000000-0000-0000-0011-000000000002',
     null, null, '2024-01-01 00:00+00');
