-- Six users: complete, minimal, deleted, and some to hang one-to-one rows on.
insert into shared.users (
    id, username, email, password_hash, display_name, avatar_url, locale, timezone, qar_enabled, is_active, is_admin,
    email_verified, email_verified_at, created_at, updated_at, last_login_at, deleted_at
)
values
    ('00000000-0000-0000-0001-000000000001', 'ada', 'ada@example.org', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA',
     'Ada Lovelace', 'https://example.org/ada.png', 'en-GB', 'Europe/London', true, true, true, true,
     '2024-01-02 10:00+00', '2024-01-01 09:00+00', '2024-05-01 08:00+00', '2024-05-01 08:00+00', null),
    ('00000000-0000-0000-0001-000000000002', 'zoë', 'zoe@example.org', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdB$aGFzaB',
     'Zoë "Z" O''Neill', null, 'de-DE', 'Europe/Berlin', false, true, false, false, null,
     '2024-01-03 09:00+00', '2024-01-03 09:00+00', null, null),
    ('00000000-0000-0000-0001-000000000003', 'gone', 'gone@example.org', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdC$aGFzaC',
     null, null, null, null, null, null, null, null, null,
     '2024-01-04 09:00+00', '2024-02-04 09:00+00', null, '2024-02-04 09:00+00');

insert into shared.users (id, username, email, password_hash)
values
    ('00000000-0000-0000-0001-000000000004', 'dora', 'dora@example.org', 'x'),
    ('00000000-0000-0000-0001-000000000005', 'emil', 'emil@example.org', 'x'),
    ('00000000-0000-0000-0001-000000000006', 'fritz', 'fritz@example.org', 'x');
