-- Create shared.server_settings: typed key/value configuration of the server, with the first seven keys.
create table if not exists shared.server_settings (
    key            varchar(255) not null,
    value          jsonb        not null,
    description    text,
    category       varchar(100),
    data_type      varchar(50)  not null,
    is_secret      boolean      default false,
    is_public      boolean      default false,
    allowed_values jsonb,
    min_value      numeric,
    max_value      numeric,
    pattern        text,
    created_at     timestamptz  not null default now(),
    updated_at     timestamptz  not null default now(),
    updated_by     uuid,

    constraint server_settings_pkey primary key (key),
    constraint server_settings_updated_by_fkey
        foreign key (updated_by) references shared.users (id) on delete set null
);

create index idx_server_settings_category on shared.server_settings (category);
create index idx_server_settings_is_public on shared.server_settings (is_public) where is_public = true;
create index idx_server_settings_updated_at on shared.server_settings (updated_at desc);

-- A key that exists keeps its value: it may have been set by an administrator.
insert into shared.server_settings (key, value, category, data_type, is_public, description)
values
    ('server.name', '"Quartermaster"', 'general', 'string', true,
     'Name under which the server presents itself'),
    ('auth.jwt.access_token_expiry', '3600', 'auth', 'number', false,
     'Lifetime of an access token in seconds'),
    ('auth.jwt.refresh_token_expiry', '2592000', 'auth', 'number', false,
     'Lifetime of a refresh token in seconds'),
    ('auth.password.min_length', '8', 'auth', 'number', false,
     'Number of characters a password needs at least'),
    ('auth.session.max_per_user', '10', 'auth', 'number', false,
     'Number of active sessions one user may have'),
    ('features.registration_enabled', 'true', 'features', 'boolean', true,
     'Whether visitors may create their own account'),
    ('features.oidc_enabled', 'false', 'features', 'boolean', true,
     'Whether login through OpenID Connect is offered')
on conflict (key) do nothing;
