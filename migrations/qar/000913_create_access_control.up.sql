-- Create qar.access_pins and qar.access_grants: the second lock in front of this domain.
create table qar.access_pins (
    user_id         uuid        not null,
    pin_hash        text        not null,
    failed_attempts integer     not null default 0,
    locked_until    timestamptz,
    changed_at      timestamptz not null default now(),
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),

    constraint access_pins_pkey primary key (user_id),
    constraint access_pins_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint access_pins_attempts_check check (failed_attempts >= 0),
    constraint access_pins_hash_check check (length(pin_hash) > 0)
);

create trigger access_pins_updated_at
    before update on qar.access_pins
    for each row execute function qar.set_updated_at();

create table qar.access_grants (
    id         uuid        not null default gen_random_uuid(),
    user_id    uuid        not null,
    session_id uuid        not null,
    granted_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,

    constraint access_grants_pkey primary key (id),
    constraint access_grants_session_id_fkey
        foreign key (session_id) references shared.sessions (id) on delete cascade,
    constraint access_grants_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint access_grants_expiry_check check (expires_at > granted_at)
);

create index idx_access_grants_expires on qar.access_grants (expires_at);
-- A session has at most one open grant.
create unique index idx_access_grants_one_open on qar.access_grants (session_id)
    where revoked_at is null;
create index idx_access_grants_user on qar.access_grants (user_id);
