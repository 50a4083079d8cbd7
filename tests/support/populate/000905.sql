-- A complete expedition, a bare one, and a deleted one with the first one's charter.
insert into qar.expeditions (
    id, fleet_id, port_id, title, sort_title, original_title, overview, launch_date, distance, director, cover_path,
    charter, registry, whisparr_id, deleted_at
)
values
    ('00000000-0000-0000-0905-000000000001', '00000000-0000-0000-0901-000000000001',
     '00000000-0000-0000-0902-000000000001', 'The Journey', 'Journey', 'Die Reise', 'Text', '2020-01-02', 90,
     'Someone', '/e/1.jpg', 'ch-1',
     're-1', 1, null),
    ('00000000-0000-0000-0905-000000000002', '00000000-0000-0000-0901-000000000001', null, 'Bare', null, null, null,
     null, null, null, null, null, null, null, null),
    ('00000000-0000-0000-0905-000000000003', '00000000-0000-0000-0901-000000000001', null, 'Gone', null, null, null,
     null, 0, null, null, 'ch-1', null, 1, '2024-02-04 09:00+00');

insert into qar.expedition_files (
    expedition_id, file_path, file_size, container, video_codec, audio_codec, resolution, duration_seconds,
     bitrate_kbps
)
values
    ('00000000-0000-0000-0905-000000000001', '/srv/a/1.mkv', 8589934592, 'mkv', 'hevc', 'aac', '1080p', 5400, 9000),
    ('00000000-0000-0000-0905-000000000003', '/srv/a/?.avi', 0, null, null, null, null, null, null);
