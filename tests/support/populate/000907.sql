-- Files, fingerprints of a file and of a voyage alone, waypoints with and without an end.
insert into qar.voyage_files (
    id, voyage_id, file_path, file_size, container, video_codec, audio_codec, resolution, framerate, duration_seconds,
    bitrate_kbps
)
values
    ('00000000-0000-0000-0907-000000000001', '00000000-0000-0000-0906-000000000001', '/srv/v/1.mp4', 1073741824,
     'mp4', 'h264', 'aac', '720p', 23.976, 1200, 4000),
    ('00000000-0000-0000-0907-000000000002', '00000000-0000-0000-0906-000000000003', '/srv/v/?.avi', 0, null, null,
     null, null, null, null, null);

insert into qar.voyage_coordinates (voyage_id, voyage_file_id, algorithm, value, bits, source)
values
    ('00000000-0000-0000-0906-000000000001', '00000000-0000-0000-0907-000000000001', 'phash', 'ffffffffffffffff',
     -1, 'local'),
    ('00000000-0000-0000-0906-000000000001', '00000000-0000-0000-0907-000000000001', 'oshash', 'abc', null, 'local'),
    ('00000000-0000-0000-0906-000000000002', null, 'md5', 'd41d8cd98f00b204e9800998ecf8427e', null, 'elsewhere');

insert into qar.voyage_waypoints (voyage_id, flag_id, title, start_seconds, end_seconds, external_id)
values
    ('00000000-0000-0000-0906-000000000001', '00000000-0000-0000-0904-000000000001', 'Begin', 0, 0.001, 'x-1'),
    ('00000000-0000-0000-0906-000000000001', null, null, 600.5, null, null);
