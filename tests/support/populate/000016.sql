-- Secrets that begin with their nonce, as version 028 asks for: one of ordinary length and one of 5
-- bytes, whose nonce is the secret filled up with zero bytes. So the way down from 028 must bring
-- back exactly these nonces.
insert into public.user_totp_secrets (user_id, encrypted_secret, nonce, verified_at, enabled, last_used_at)
values
    ('00000000-0000-0000-0001-000000000001', decode(repeat('0102030405060708090a0b0c', 5), 'hex'),
     '\x0102030405060708090a0b0c', '2024-01-02 10:00+00', true, '2024-05-01 08:00+00'),
    ('00000000-0000-0000-0001-000000000002', '\xdeadbeef01', '\xdeadbeef0100000000000000', null, false, null);
