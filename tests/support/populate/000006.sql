-- Preferences: chosen, left at the defaults, and all NULL (the checks let NULL pass).
insert into shared.user_preferences (
    user_id, email_notifications, push_notifications, digest_notifications, profile_visibility, show_email,
    show_activity, theme, display_language, content_language, show_adult_content, show_spoilers, auto_play_videos
)
values
    ('00000000-0000-0000-0001-000000000001', '{"enabled": false}', '{"enabled": true}', '{"enabled": false}',
     'friends', true, false, 'dark', 'en-GB', 'en,fr', true, true, false),
    ('00000000-0000-0000-0001-000000000003', null, null, null, null, null, null, null, null, null, null, null, null);

insert into shared.user_preferences (user_id)
values ('00000000-0000-0000-0001-000000000002');
