-- A complete gallery with images and links, and a deleted one in the same folder.
insert into qar.treasures (
    id, fleet_id, title, description, folder_path, image_count, total_size_bytes, cover_image_path, cover_blurhash,
    date_captured, photographer, deleted_at
)
values
    ('00000000-0000-0000-0909-000000000001', '00000000-0000-0000-0901-000000000003', 'Set', 'Text', '/srv/g/1', 2,
     2048, '/srv/g/1/1.jpg', 'LEHV6n', '2020-01-02 10:00+00', 'Someone', null),
    ('00000000-0000-0000-0909-000000000002', '00000000-0000-0000-0901-000000000003', 'Gone', null, '/srv/g/1', 0, 0,
     null, null, null, null, '2024-02-04 09:00+00');

insert into qar.treasure_images (
    treasure_id, file_path, filename, position, width, height, file_size_bytes, mime_type, blurhash, exif_data,
     date_taken
)
values
    ('00000000-0000-0000-0909-000000000001', '/srv/g/1/1.jpg', '1.jpg', 1, 800, 600, 2048, 'image/jpeg', 'LEHV6n',
     '{"iso": 100}', '2020-01-02 10:00+00'),
    ('00000000-0000-0000-0909-000000000001', '/srv/g/1/2.jpg', '2.jpg', 2, null, null, null, null, null, null, null);

insert into qar.treasure_crew (treasure_id, crew_id) values ('00000000-0000-0000-0909-000000000001',
    '00000000-0000-0000-0903-000000000001');
insert into qar.treasure_ports (treasure_id, port_id) values ('00000000-0000-0000-0909-000000000001',
    '00000000-0000-0000-0902-000000000001');
insert into qar.treasure_flags (treasure_id, flag_id) values ('00000000-0000-0000-0909-000000000001',
    '00000000-0000-0000-0904-000000000001'), ('00000000-0000-0000-0909-000000000002',
    '00000000-0000-0000-0904-000000000001');
