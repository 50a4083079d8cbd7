-- Two files of one film, and a file of which nothing is known.
insert into public.movie_files (
    id, movie_id, file_path, file_size, file_name, resolution, quality_profile, video_codec, audio_codec, container,
    duration_seconds, bitrate_kbps, framerate, dynamic_range, color_space, audio_channels, audio_languages,
    subtitle_languages, radarr_file_id, last_scanned_at, is_monitored
)
values
    ('00000000-0000-0000-0020-000000000001', '00000000-0000-0000-0003-000000000001', '/srv/films/seven.mkv',
     8589934592, 'seven.mkv', '1080p', 'HD', 'h264', 'flac', 'mkv', 12420, 5500, 23.98, 'SDR', 'bt709', '2.0', '{ja}',
     '{en,de}', 21, '2024-05-01 03:05+00', true),
    ('00000000-0000-0000-0020-000000000002', '00000000-0000-0000-0003-000000000001', '/srv/films/seven.2160p.mkv',
     34359738368, 'seven.2160p.mkv', '2160p', 'UHD', 'hevc', 'flac', 'mkv', 12420, 22000, 24.00, 'HDR10', 'bt2020',
     '2.0', '{ja,en}', '{}', null, '2024-05-01 03:06+00', false),
    ('00000000-0000-0000-0020-000000000003', '00000000-0000-0000-0003-000000000003', '/srv/more films/?.avi',
     0, '?.avi', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
