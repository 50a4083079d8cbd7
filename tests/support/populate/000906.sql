-- A complete voyage that is a leg, a bare one, and a deleted one with the first one's charter.
insert into qar.voyages (
    id, fleet_id, port_id, expedition_id, leg, title, sort_title, overview, launch_date, distance, director,
     cover_path,
    stash_id, charter, registry, whisparr_id, deleted_at
)
values
    ('00000000-0000-0000-0906-000000000001', '00000000-0000-0000-0901-000000000002',
     '00000000-0000-0000-0902-000000000002', '00000000-0000-0000-0905-000000000001', 1, 'The First', 'First',
     'Text', '2020-01-02', 20, 'Someone', '/v/1.jpg', 'st-1', 'ch-1', 're-1',
     1, null),
    ('00000000-0000-0000-0906-000000000002', '00000000-0000-0000-0901-000000000002', null, null, null, 'Bare', null,
     null, null, null, null, null, null, null, null, null, null),
    ('00000000-0000-0000-0906-000000000003', '00000000-0000-0000-0901-000000000002', null,
     '00000000-0000-0000-0905-000000000003', null, 'Gone', null, null, null, 0, null, null, null, 'ch-1', null, 1,
     '2024-02-04 09:00+00');
