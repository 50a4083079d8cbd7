-- Signing in with OpenID Connect: the providers, which of their subjects is which user, and the
-- states of logins that are on their way. Secrets and tokens arrive encrypted.

-- name: CreateOIDCProvider :one
-- Adds a provider. Its name is unique, and at most one provider is the default: to make another
-- one that, run SetDefaultOIDCProvider first in the same transaction.
-- @loggable name
-- @loggable issuer_url
-- @sensitive client_secret_encrypted
insert into shared.oidc_providers (
  name, display_name, provider_type, issuer_url, client_id, client_secret_encrypted,
  authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri, end_session_endpoint, scopes,
  claim_mappings, role_mappings, auto_create_users, update_user_info, allow_linking, is_enabled,
  is_default
) values (
  @name, @display_name, @provider_type, @issuer_url, @client_id, @client_secret_encrypted,
  sqlc.narg(authorization_endpoint), sqlc.narg(token_endpoint), sqlc.narg(userinfo_endpoint),
  sqlc.narg(jwks_uri), sqlc.narg(end_session_endpoint), @scopes, @claim_mappings, @role_mappings,
  @auto_create_users, @update_user_info, @allow_linking, @is_enabled, @is_default
)
returning *;

-- name: GetOIDCProvider :one
-- The provider with this id, enabled or not.
select *
from shared.oidc_providers
where id = @id;

-- name: GetOIDCProviderByName :one
-- The provider with exactly this name, enabled or not.
-- @loggable name
select *
from shared.oidc_providers
where name = @name;

-- name: GetDefaultOIDCProvider :one
-- The default provider, unless it is disabled.
select *
from shared.oidc_providers
where is_default = true
  and is_enabled = true;

-- name: ListOIDCProviders :many
-- All providers by display name.
select *
from shared.oidc_providers
order by display_name, id
limit 10000;

-- name: ListEnabledOIDCProviders :many
-- The enabled providers by display name.
select *
from shared.oidc_providers
where is_enabled = true
order by display_name, id
limit 10000;

-- name: UpdateOIDCProvider :one
-- Changes a provider, except for its name; a null parameter keeps the stored value. No row comes
-- back when there is no such provider; a second default is an error.
-- @params id, display_name, provider_type, issuer_url, client_id, client_secret_encrypted
-- @params authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri, end_session_endpoint
-- @params scopes, claim_mappings, role_mappings, auto_create_users, update_user_info, allow_linking
-- @params is_enabled, is_default
-- @loggable issuer_url
-- @sensitive client_secret_encrypted
update shared.oidc_providers
set
  display_name = coalesce(sqlc.narg(display_name), display_name),
  provider_type = coalesce(sqlc.narg(provider_type), provider_type),
  issuer_url = coalesce(sqlc.narg(issuer_url), issuer_url),
  client_id = coalesce(sqlc.narg(client_id), client_id),
  client_secret_encrypted = coalesce(
    sqlc.narg(client_secret_encrypted), client_secret_encrypted
  ),
  authorization_endpoint = coalesce(sqlc.narg(authorization_endpoint), authorization_endpoint),
  token_endpoint = coalesce(sqlc.narg(token_endpoint), token_endpoint),
  userinfo_endpoint = coalesce(sqlc.narg(userinfo_endpoint), userinfo_endpoint),
  jwks_uri = coalesce(sqlc.narg(jwks_uri), jwks_uri),
  end_session_endpoint = coalesce(sqlc.narg(end_session_endpoint), end_session_endpoint),
  scopes = coalesce(sqlc.narg(scopes), scopes),
  claim_mappings = coalesce(sqlc.narg(claim_mappings), claim_mappings),
  role_mappings = coalesce(sqlc.narg(role_mappings), role_mappings),
  auto_create_users = coalesce(sqlc.narg(auto_create_users), auto_create_users),
  update_user_info = coalesce(sqlc.narg(update_user_info), update_user_info),
  allow_linking = coalesce(sqlc.narg(allow_linking), allow_linking),
  is_enabled = coalesce(sqlc.narg(is_enabled), is_enabled),
  is_default = coalesce(sqlc.narg(is_default), is_default)
where id = @id
returning *;

-- name: SetDefaultOIDCProvider :exec
-- Leaves no provider the default. UpdateOIDCProvider then makes one the default, in the same
-- transaction.
update shared.oidc_providers
set is_default = false
where is_default = true;

-- name: DeleteOIDCProvider :exec
-- Removes a provider for good, with the links to its subjects and its login states.
delete from shared.oidc_providers
where id = @id;

-- name: EnableOIDCProvider :exec
-- Enables a provider.
update shared.oidc_providers
set is_enabled = true
where id = @id;

-- name: DisableOIDCProvider :exec
-- Disables a provider. It stays the default if it was, but GetDefaultOIDCProvider passes it over.
update shared.oidc_providers
set is_enabled = false
where id = @id;

-- name: CreateOIDCUserLink :one
-- Links a user to a subject of a provider, with a login now. A user has one subject at a provider,
-- and a subject is one user.
-- @sensitive access_token_encrypted
-- @sensitive refresh_token_encrypted
insert into shared.oidc_user_links (
  user_id, provider_id, subject, email, name, picture_url, access_token_encrypted,
  refresh_token_encrypted, token_expires_at, last_login_at
) values (
  @user_id, @provider_id, @subject, sqlc.narg(email), sqlc.narg(name), sqlc.narg(picture_url),
  sqlc.narg(access_token_encrypted), sqlc.narg(refresh_token_encrypted),
  sqlc.narg(token_expires_at), now()
)
returning *;

-- name: GetOIDCUserLink :one
-- The link with this id.
select *
from shared.oidc_user_links
where id = @id;

-- name: GetOIDCUserLinkBySubject :one
-- The link of a provider's subject.
select *
from shared.oidc_user_links
where provider_id = @provider_id
  and subject = @subject;

-- name: GetOIDCUserLinkByUserAndProvider :one
-- The link of a user at a provider.
select *
from shared.oidc_user_links
where user_id = @user_id
  and provider_id = @provider_id;

-- name: ListUserOIDCLinks :many
-- All links of a user with the names of their providers, oldest first.
select
  links.*,
  providers.name as provider_name,
  providers.display_name as provider_display_name
from shared.oidc_user_links as links
join shared.oidc_providers as providers on providers.id = links.provider_id
where links.user_id = @user_id
order by links.created_at, links.id
limit 10000;

-- name: UpdateOIDCUserLink :one
-- Changes what is known of a subject, its tokens and its last login; a null parameter keeps the
-- stored value. No row comes back when there is no such link.
-- @params id, email, name, picture_url, access_token_encrypted, refresh_token_encrypted
-- @params token_expires_at, last_login_at
-- @sensitive access_token_encrypted
-- @sensitive refresh_token_encrypted
update shared.oidc_user_links
set
  email = coalesce(sqlc.narg(email), email),
  name = coalesce(sqlc.narg(name), name),
  picture_url = coalesce(sqlc.narg(picture_url), picture_url),
  access_token_encrypted = coalesce(sqlc.narg(access_token_encrypted), access_token_encrypted),
  refresh_token_encrypted = coalesce(sqlc.narg(refresh_token_encrypted), refresh_token_encrypted),
  token_expires_at = coalesce(sqlc.narg(token_expires_at), token_expires_at),
  last_login_at = coalesce(sqlc.narg(last_login_at), last_login_at)
where id = @id
returning *;

-- name: UpdateOIDCUserLinkLastLogin :exec
-- Notes a login now.
update shared.oidc_user_links
set last_login_at = now()
where id = @id;

-- name: DeleteOIDCUserLink :exec
-- Removes a link for good.
delete from shared.oidc_user_links
where id = @id;

-- name: DeleteOIDCUserLinkByUserAndProvider :exec
-- Removes the link of a user at a provider for good.
delete from shared.oidc_user_links
where user_id = @user_id
  and provider_id = @provider_id;

-- name: CountUserOIDCLinks :one
-- How many links a user has.
select count(*)
from shared.oidc_user_links
where user_id = @user_id;

-- name: CreateOIDCState :one
-- Notes a login that is on its way to a provider; with a user, one that links an account.
-- @since 102
-- @sensitive state
-- @sensitive code_verifier
-- @sensitive nonce
insert into shared.oidc_states (
  state, code_verifier, nonce, provider_id, user_id, redirect_url, expires_at
) values (
  @state, sqlc.narg(code_verifier), sqlc.narg(nonce), @provider_id, sqlc.narg(user_id),
  sqlc.narg(redirect_url), @expires_at
)
returning *;

-- name: GetOIDCState :one
-- The login with this state, unless it has expired.
-- @since 102
-- @sensitive state
select *
from shared.oidc_states
where state = @state
  and expires_at > now();

-- name: DeleteOIDCState :exec
-- Removes the login with this state, which has come back or has been given up.
-- @sensitive state
delete from shared.oidc_states
where state = @state;

-- name: DeleteExpiredOIDCStates :execrows
-- Removes the logins that have expired and tells how many.
delete from shared.oidc_states
where expires_at < now();

-- name: DeleteOIDCStatesByProvider :exec
-- Removes the logins that are on their way to a provider.
delete from shared.oidc_states
where provider_id = @provider_id;
