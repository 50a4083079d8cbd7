-- Create the OpenID Connect tables: providers, links of users to a provider's subjects, login states.
create function shared.update_oidc_updated_at() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;

create table if not exists shared.oidc_providers (
    id                      uuid         not null default gen_random_uuid(),
    name                    varchar(100) not null,
    display_name            varchar(255) not null,
    provider_type           varchar(50)  not null default 'generic',
    issuer_url              varchar(500) not null,
    client_id               varchar(255) not null,
    client_secret_encrypted bytea        not null,
    authorization_endpoint  varchar(500),
    token_endpoint          varchar(500),
    userinfo_endpoint       varchar(500),
    jwks_uri                varchar(500),
    end_session_endpoint    varchar(500),
    scopes                  text[]       not null default array['openid', 'profile', 'email'],
    claim_mappings          jsonb        not null default '{
        "username": "preferred_username",
        "email": "email",
        "name": "name",
        "picture": "picture",
        "roles": "groups"
    }',
    role_mappings           jsonb        not null default '{}',
    auto_create_users       boolean      not null default true,
    update_user_info        boolean      not null default true,
    allow_linking           boolean      not null default true,
    is_enabled              boolean      not null default true,
    is_default              boolean      not null default false,
    created_at              timestamptz  not null default now(),
    updated_at              timestamptz  not null default now(),

    constraint oidc_providers_pkey primary key (id),
    constraint oidc_providers_name_key unique (name)
);

create index idx_oidc_providers_name on shared.oidc_providers (name);
create index idx_oidc_providers_enabled on shared.oidc_providers (is_enabled) where is_enabled = true;
-- The only value in this index is true, so at most one provider is the default.
create unique index idx_oidc_providers_single_default on shared.oidc_providers (is_default)
    where is_default = true;

create trigger trigger_oidc_providers_updated_at
    before update on shared.oidc_providers
    for each row execute function shared.update_oidc_updated_at();

create table if not exists shared.oidc_user_links (
    id                      uuid         not null default gen_random_uuid(),
    user_id                 uuid         not null,
    provider_id             uuid         not null,
    subject                 varchar(500) not null,
    email                   varchar(255),
    name                    varchar(255),
    picture_url             varchar(500),
    access_token_encrypted  bytea,
    refresh_token_encrypted bytea,
    token_expires_at        timestamptz,
    last_login_at           timestamptz,
    created_at              timestamptz  not null default now(),
    updated_at              timestamptz  not null default now(),

    constraint oidc_user_links_pkey primary key (id),
    constraint unique_user_provider unique (user_id, provider_id),
    constraint unique_provider_subject unique (provider_id, subject),
    constraint oidc_user_links_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint oidc_user_links_provider_id_fkey
        foreign key (provider_id) references shared.oidc_providers (id) on delete cascade
);

create index idx_oidc_user_links_user_id on shared.oidc_user_links (user_id);
create index idx_oidc_user_links_provider_id on shared.oidc_user_links (provider_id);
create index idx_oidc_user_links_subject on shared.oidc_user_links (provider_id, subject);

create trigger trigger_oidc_user_links_updated_at
    before update on shared.oidc_user_links
    for each row execute function shared.update_oidc_updated_at();

create table if not exists shared.oidc_states (
    id            uuid         not null default gen_random_uuid(),
    state         varchar(255) not null,
    code_verifier varchar(128),
    provider_id   uuid         not null,
    user_id       uuid,
    redirect_url  varchar(500),
    expires_at    timestamptz  not null,
    created_at    timestamptz  not null default now(),

    constraint oidc_states_pkey primary key (id),
    constraint oidc_states_state_key unique (state),
    constraint oidc_states_provider_id_fkey
        foreign key (provider_id) references shared.oidc_providers (id) on delete cascade,
    constraint oidc_states_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade
);

create index idx_oidc_states_state on shared.oidc_states (state);
create index idx_oidc_states_expires_at on shared.oidc_states (expires_at);
