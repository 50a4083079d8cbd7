-- Two versions of one user's avatar, of which one is current, and a deleted one.
insert into shared.user_avatars (
    id, user_id, file_path, file_size_bytes, mime_type, width, height, is_animated, version, is_current,
    uploaded_from_ip, uploaded_from_user_agent, deleted_at
)
values
    ('00000000-0000-0000-0006-000000000001', '00000000-0000-0000-0001-000000000001', '/avatars/ada-1.png', 1024,
     'image/png', 128, 128, false, 1, false, '192.0.2.10', 'Mozilla/5.0', null),
    ('00000000-0000-0000-0006-000000000002', '00000000-0000-0000-0001-000000000001', '/avatars/ada-2.gif', 5000000000,
     'image/gif', 256, 256, true, 2, true, null, null, null),
    ('00000000-0000-0000-0006-000000000003', '00000000-0000-0000-0001-000000000002', '/avatars/zoe-1.png', 1,
     'image/png', 1, 1, null, 1, null, null, null, '2024-03-01 00:00+00');
