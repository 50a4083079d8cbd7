-- A network, a port below it, and one of which nothing is known.
insert into qar.ports (id, name, parent_id, url, description, logo_path, charter, registry)
values
    ('00000000-0000-0000-0902-000000000001', 'Harbour', null, 'https://example.org', 'A "network"', '/logos/1.png',
     'ch-1', 're-1'),
    ('00000000-0000-0000-0902-000000000002', 'Pier', '00000000-0000-0000-0902-000000000001', null, null, null,
     'ch-2', null),
    ('00000000-0000-0000-0902-000000000003', 'Quai d''Été', null, null, null, null, null, null);
