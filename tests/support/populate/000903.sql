-- A complete crew row with aliases and portraits, and a bare one.
insert into qar.crew (
    id, name, disambiguation, gender, christening, scuttled, nationality, maiden_voyage, last_port, bio, image_path,
     urls,
    stash_id, charter, registry, manifest
)
values
    ('00000000-0000-0000-0903-000000000001', 'Anne', 'the first', 'female', '1970-01-02', '2020-03-04', 'GB', 1990,
     1990, 'Bio', '/c/1.jpg',
     '{https://example.org/1}', 'st-1', 'ch-1', 're-1', 'ma-1'),
    ('00000000-0000-0000-0903-000000000002', 'Zoë O''Neill', null, null, null, null, null, null, null, null, null,
     '{}', null, null, null, null);

insert into qar.crew_names (crew_id, name)
values ('00000000-0000-0000-0903-000000000001', 'Anna'), ('00000000-0000-0000-0903-000000000001', 'Än'),
    ('00000000-0000-0000-0903-000000000002', 'Anna');

insert into qar.crew_portraits (crew_id, path, source, blurhash, is_primary)
values
    ('00000000-0000-0000-0903-000000000001', '/c/1.jpg', 'local', 'LEHV6n', true),
    ('00000000-0000-0000-0903-000000000001', '/c/2.jpg', null, null, false),
    ('00000000-0000-0000-0903-000000000002', '/c/1.jpg', null, null, true);
