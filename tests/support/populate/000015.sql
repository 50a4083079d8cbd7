-- Two libraries, finished and failed and waiting scans, and grants.
insert into public.libraries (
    id, name, type, paths, enabled, scan_on_startup, realtime_monitoring, metadata_provider, preferred_language,
    scanner_config
)
values
    ('00000000-0000-0000-0002-000000000001', 'Films', 'movie', '{/srv/films,"/srv/more films"}', true, true, false,
     'tmdb', 'de', '{"depth": 3}'),
    ('00000000-0000-0000-0002-000000000002', 'Series', 'tvshow', '{}', false, false, true, null, 'en', null);

insert into public.library_scans (
    id, library_id, scan_type, status, items_scanned, items_added, items_updated, items_removed, errors_count,
    error_message, started_at, completed_at, duration_seconds
)
values
    ('00000000-0000-0000-0015-000000000001', '00000000-0000-0000-0002-000000000001', 'full', 'completed',
     100, 90, 5, 5, 0, null, '2024-05-01 03:00+00', '2024-05-01 03:10+00', 600),
    ('00000000-0000-0000-0015-000000000002', '00000000-0000-0000-0002-000000000001', 'incremental', 'failed',
     3, 0, 0, 0, 1, 'permission denied', '2024-05-02 03:00+00', null, null),
    ('00000000-0000-0000-0015-000000000003', '00000000-0000-0000-0002-000000000002', 'metadata', 'pending',
     0, 0, 0, 0, 0, null, null, null, null);

insert into public.library_permissions (id, library_id, user_id, permission)
values
    ('00000000-0000-0000-0016-000000000001', '00000000-0000-0000-0002-000000000001',
     '00000000-0000-0000-0001-000000000001', 'view'),
    ('00000000-0000-0000-0016-000000000002', '00000000-0000-0000-0002-000000000001',
     '00000000-0000-0000-0001-000000000001', 'manage'),
    ('00000000-0000-0000-0016-000000000003', '00000000-0000-0000-0002-000000000002',
     '00000000-0000-0000-0001-000000000002', 'view');
