-- One session has passed the second factor; the others keep false and NULL.
update shared.sessions
set mfa_verified = true,
    mfa_verified_at = '2024-05-01 07:01+00'
where id = '00000000-0000-0000-0005-000000000001';
