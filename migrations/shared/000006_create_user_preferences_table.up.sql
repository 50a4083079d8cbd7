-- Create shared.user_preferences: notification, privacy, display and content choices, one row a user.
create table if not exists shared.user_preferences (
    user_id              uuid        not null,
    email_notifications  jsonb       default '{"enabled": true, "frequency": "instant"}',
    push_notifications   jsonb       default '{"enabled": false}',
    digest_notifications jsonb       default '{"enabled": true, "frequency": "weekly"}',
    profile_visibility   varchar(20) default 'private',
    show_email           boolean     default false,
    show_activity        boolean     default true,
    theme                varchar(20) default 'system',
    display_language     varchar(10) default 'en-US',
    content_language     varchar(255),
    show_adult_content   boolean     default false,
    show_spoilers        boolean     default false,
    auto_play_videos     boolean     default true,
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),

    constraint user_preferences_pkey primary key (user_id),
    constraint user_preferences_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint user_preferences_profile_visibility_check
        check (profile_visibility in ('public', 'friends', 'private')),
    constraint user_preferences_theme_check
        check (theme in ('light', 'dark', 'system'))
);

create index idx_user_preferences_updated_at on shared.user_preferences (updated_at desc);
