-- A passkey, a bare security key, and a credential that seems to have been cloned.
insert into public.webauthn_credentials (
    id, user_id, credential_id, public_key, sign_count, clone_detected, aaguid, attestation_type, transports,
    backup_eligible, backup_state, user_present, user_verified, name, last_used_at
)
values
    ('00000000-0000-0000-0017-000000000001', '00000000-0000-0000-0001-000000000001', '\x01', '\xa501', 0, false,
     decode(repeat('ab', 16), 'hex'), 'packed', '{internal,hybrid}', true, true, true, true, 'Phone',
     '2024-05-01 08:00+00'),
    ('00000000-0000-0000-0017-000000000002', '00000000-0000-0000-0001-000000000001', '\x02', '\xa502', 2147483647,
     false, null, 'none', null, false, false, true, false, null, null),
    ('00000000-0000-0000-0017-000000000003', '00000000-0000-0000-0001-000000000002', '\x03', '\xa503', 7, true,
     null, 'fido-u2f', '{}', false, false, true, false, 'Key', null);
