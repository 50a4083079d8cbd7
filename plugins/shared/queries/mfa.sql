-- Second factors: one-time-password secrets, WebAuthn credentials, backup codes, and what a user
-- has switched on. Secrets arrive encrypted and codes hashed; neither is ever logged.

-- name: GetUserTOTPSecret :one
-- The one-time-password secret of a user, verified and enabled or not.
-- @since 103
select *
from public.user_totp_secrets
where user_id = @user_id;

-- name: CreateTOTPSecret :one
-- Starts an enrolment: the secret is stored unverified and disabled. A user has at most one;
-- a second is an error, UpdateTOTPSecret replaces the first.
-- @since 103
-- @sensitive encrypted_secret
insert into public.user_totp_secrets (
  user_id, encrypted_secret, enabled
) values (
  @user_id, @encrypted_secret, false
)
returning *;

-- name: UpdateTOTPSecret :exec
-- Enrols a user anew: replaces the secret, which is then unverified and disabled. When the old
-- secret was last used, and with which code, stays.
-- @params user_id, encrypted_secret
-- @sensitive encrypted_secret
update public.user_totp_secrets
set
  encrypted_secret = @encrypted_secret,
  verified_at = null,
  enabled = false,
  updated_at = now()
where user_id = @user_id;

-- name: VerifyTOTPSecret :exec
-- Verifies and enables a secret that was never verified; a repeat changes nothing, so it does not
-- enable again what was disabled since.
update public.user_totp_secrets
set
  verified_at = now(),
  enabled = true,
  updated_at = now()
where user_id = @user_id
  and verified_at is null;

-- name: UpdateTOTPLastUsed :exec
-- Notes a use now and the code that was accepted, so that the caller can refuse it a second time.
-- @params user_id, last_used_code
-- @since 103
-- @sensitive last_used_code
update public.user_totp_secrets
set
  last_used_at = now(),
  last_used_code = sqlc.narg(last_used_code),
  updated_at = now()
where user_id = @user_id;

-- name: EnableTOTP :exec
-- Enables the secret of a user, verified or not.
update public.user_totp_secrets
set
  enabled = true,
  updated_at = now()
where user_id = @user_id;

-- name: DisableTOTP :exec
-- Disables the secret of a user; it stays verified.
update public.user_totp_secrets
set
  enabled = false,
  updated_at = now()
where user_id = @user_id;

-- name: DeleteTOTPSecret :exec
-- Removes the secret of a user for good.
delete from public.user_totp_secrets
where user_id = @user_id;

-- name: ListWebAuthnCredentials :many
-- All credentials of a user, most recently used first, then those never used, newest first.
select *
from public.webauthn_credentials
where user_id = @user_id
order by last_used_at desc nulls last, created_at desc, id
limit 10000;

-- name: GetWebAuthnCredential :one
-- The credential with this id.
select *
from public.webauthn_credentials
where id = @id;

-- name: GetWebAuthnCredentialByCredentialID :one
-- The credential that an authenticator calls by these bytes.
select *
from public.webauthn_credentials
where credential_id = @credential_id;

-- name: CreateWebAuthnCredential :one
-- Adds a credential that was never used. A credential_id that any user has already is an error.
insert into public.webauthn_credentials (
  user_id, credential_id, public_key, attestation_type, transports, backup_eligible, backup_state,
  user_present, user_verified, aaguid, name
) values (
  @user_id, @credential_id, @public_key, @attestation_type, sqlc.narg(transports),
  @backup_eligible, @backup_state, @user_present, @user_verified, sqlc.narg(aaguid),
  sqlc.narg(name)
)
returning *;

-- name: UpdateWebAuthnCounter :exec
-- Notes a use now and stores the authenticator's signature counter as it is. That the counter
-- only grows is for the caller to check, before this.
-- @params credential_id, sign_count
update public.webauthn_credentials
set
  sign_count = @sign_count,
  last_used_at = now()
where credential_id = @credential_id;

-- name: MarkWebAuthnCloneDetected :exec
-- Notes that a counter went backwards: the credential may exist twice. Nothing takes this back.
update public.webauthn_credentials
set clone_detected = true
where credential_id = @credential_id;

-- name: UpdateWebAuthnCredentialName :exec
-- Renames a credential, or takes its name away. Whose it is, is for the caller to check.
-- @params id, name
update public.webauthn_credentials
set name = sqlc.narg(name)
where id = @id;

-- name: DeleteWebAuthnCredential :exec
-- Removes a credential for good if it belongs to this user.
delete from public.webauthn_credentials
where id = @id
  and user_id = @user_id;

-- name: CountWebAuthnCredentials :one
-- How many credentials a user has.
select count(*)
from public.webauthn_credentials
where user_id = @user_id;

-- name: CreateBackupCodes :copyfrom
-- Stores backup codes by their hashes, all of them or none.
-- @sensitive code_hash
insert into public.mfa_backup_codes (
  user_id, code_hash
) values (
  @user_id, @code_hash
);

-- name: GetUnusedBackupCodes :many
-- All backup codes of a user that are still good, newest first.
select *
from public.mfa_backup_codes
where user_id = @user_id
  and used_at is null
order by created_at desc, id
limit 10000;

-- name: GetBackupCodeByHash :one
-- The backup code of a user with exactly this hash that is still good; of several the oldest.
-- Finds nothing where hashes are salted: there, verify each of GetUnusedBackupCodes.
-- @sensitive code_hash
select *
from public.mfa_backup_codes
where user_id = @user_id
  and code_hash = @code_hash
  and used_at is null
order by created_at, id
limit 1;

-- name: UseBackupCode :exec
-- Uses up a backup code of a user, now. A code that is used already keeps its first time and
-- address; nothing tells the caller which of two that came at once was the first.
-- @params id, user_id, used_from_ip
update public.mfa_backup_codes
set
  used_at = now(),
  used_from_ip = sqlc.narg(used_from_ip)
where id = @id
  and user_id = @user_id
  and used_at is null;

-- name: CountUnusedBackupCodes :one
-- How many backup codes of a user are still good.
select count(*)
from public.mfa_backup_codes
where user_id = @user_id
  and used_at is null;

-- name: DeleteAllBackupCodes :exec
-- Removes every backup code of a user, used ones too.
delete from public.mfa_backup_codes
where user_id = @user_id;

-- name: GetUserMFASettings :one
-- The settings of a user for second factors, if any were ever stored.
select *
from public.user_mfa_settings
where user_id = @user_id;

-- name: CreateUserMFASettings :one
-- Stores the first settings of a user for second factors; a second row is an error.
-- trusted_devices has to be a JSON array.
insert into public.user_mfa_settings (
  user_id, totp_enabled, webauthn_enabled, backup_codes_generated, require_mfa,
  remember_device_enabled, remember_device_duration_days, trusted_devices
) values (
  @user_id, @totp_enabled, @webauthn_enabled, @backup_codes_generated, @require_mfa,
  @remember_device_enabled, @remember_device_duration_days, @trusted_devices
)
returning *;

-- name: UpdateMFASettingsTOTPEnabled :exec
-- Notes whether a user has one-time passwords switched on.
-- @params user_id, totp_enabled
update public.user_mfa_settings
set
  totp_enabled = @totp_enabled,
  updated_at = now()
where user_id = @user_id;

-- name: UpdateMFASettingsWebAuthnEnabled :exec
-- Notes whether a user has WebAuthn switched on.
-- @params user_id, webauthn_enabled
update public.user_mfa_settings
set
  webauthn_enabled = @webauthn_enabled,
  updated_at = now()
where user_id = @user_id;

-- name: UpdateMFASettingsBackupCodesGenerated :exec
-- Notes whether a user was given backup codes.
-- @params user_id, backup_codes_generated
update public.user_mfa_settings
set
  backup_codes_generated = @backup_codes_generated,
  updated_at = now()
where user_id = @user_id;

-- name: UpdateMFASettingsRequireMFA :exec
-- Notes whether a user must pass a second factor to sign in.
-- @params user_id, require_mfa
update public.user_mfa_settings
set
  require_mfa = @require_mfa,
  updated_at = now()
where user_id = @user_id;

-- name: UpdateMFASettingsRememberDevice :exec
-- Sets whether devices of a user are remembered, and for how many days; more than 0.
-- @params user_id, remember_device_enabled, remember_device_duration_days
update public.user_mfa_settings
set
  remember_device_enabled = @remember_device_enabled,
  remember_device_duration_days = @remember_device_duration_days,
  updated_at = now()
where user_id = @user_id;

-- name: AddTrustedDevice :exec
-- Appends a device to those a user trusts: an object or a scalar becomes one new element, an array
-- contributes its elements. A device that is there already is there twice.
-- @params user_id, device
-- @sensitive device
update public.user_mfa_settings
set
  trusted_devices = trusted_devices || @device,
  updated_at = now()
where user_id = @user_id;

-- name: ClearTrustedDevices :exec
-- Leaves a user without trusted devices.
update public.user_mfa_settings
set
  trusted_devices = '[]',
  updated_at = now()
where user_id = @user_id;

-- name: DeleteUserMFASettings :exec
-- Removes the settings of a user for second factors; the factors themselves stay.
delete from public.user_mfa_settings
where user_id = @user_id;

-- name: GetUserMFAStatus :one
-- What a user has: an enabled one-time-password secret, WebAuthn credentials, backup codes that are
-- still good. A user without settings is not required to have a second factor.
select
  exists (
    select 1
    from public.user_totp_secrets
    where user_id = @user_id
      and enabled = true
  ) as has_totp,
  (
    select count(*)
    from public.webauthn_credentials
    where user_id = @user_id
  ) as webauthn_count,
  (
    select count(*)
    from public.mfa_backup_codes
    where user_id = @user_id
      and used_at is null
  ) as unused_backup_codes,
  coalesce((
    select require_mfa
    from public.user_mfa_settings
    where user_id = @user_id
  ), false) as require_mfa;

-- name: HasAnyMFAMethod :one
-- Whether a user has an enabled one-time-password secret or a WebAuthn credential. Backup codes
-- alone are no method.
select exists (
  select 1
  from public.user_totp_secrets
  where user_id = @user_id
    and enabled = true
  union all
  select 1
  from public.webauthn_credentials
  where user_id = @user_id
) as has_mfa;
