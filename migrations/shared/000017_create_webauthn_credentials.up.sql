-- Create public.webauthn_credentials: the passkeys and security keys of users.
create table if not exists public.webauthn_credentials (
    id               uuid        not null default gen_random_uuid(),
    user_id          uuid        not null,
    credential_id    bytea       not null,
    public_key       bytea       not null,
    sign_count       integer     not null default 0,
    clone_detected   boolean     not null default false,
    aaguid           bytea,
    attestation_type text        not null,
    transports       text[],
    backup_eligible  boolean     not null default false,
    backup_state     boolean     not null default false,
    user_present     boolean     not null default true,
    user_verified    boolean     not null default false,
    name             text,
    created_at       timestamptz not null default now(),
    last_used_at     timestamptz,

    constraint webauthn_credentials_pkey primary key (id),
    constraint webauthn_credentials_credential_id_key unique (credential_id),
    constraint webauthn_credentials_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint credential_id_not_empty check (octet_length(credential_id) > 0),
    constraint public_key_not_empty check (octet_length(public_key) > 0),
    constraint sign_count_non_negative check (sign_count >= 0),
    constraint aaguid_correct_size check (aaguid is null or octet_length(aaguid) = 16)
);

create index idx_webauthn_credentials_user on public.webauthn_credentials (user_id);
create index idx_webauthn_credentials_credential_id on public.webauthn_credentials (credential_id);
create index idx_webauthn_credentials_last_used on public.webauthn_credentials (last_used_at desc)
    where last_used_at is not null;
create index idx_webauthn_credentials_clone_detected on public.webauthn_credentials (user_id, clone_detected)
    where clone_detected = true;
