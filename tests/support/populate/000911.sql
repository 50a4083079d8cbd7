-- Progress of two users with both kinds, and a history with the same voyage twice.
insert into qar.watch_progress (
    user_id, voyage_id, expedition_id, progress_seconds, duration_seconds, is_completed, watch_count, completed_at
)
values
    ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0906-000000000001', null, 1200, 1200, true, 2,
     '2024-05-01 08:00+00'),
    ('00000000-0000-0000-0001-000000000001', null, '00000000-0000-0000-0905-000000000001', 10, 5400, false, 0, null),
    ('00000000-0000-0000-0001-000000000002', '00000000-0000-0000-0906-000000000001', null, 0, 0, false, 0, null);
insert into qar.voyage_log (user_id, voyage_id, position_seconds, completed)
values ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0906-000000000001', 1200, true),
    ('00000000-0000-0000-0001-000000000001', '00000000-0000-0000-0906-000000000001', 0, false),
    ('00000000-0000-0000-0001-000000000002', '00000000-0000-0000-0906-000000000003', 0, false);
