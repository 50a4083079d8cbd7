-- A flag with waters, one below it, and a bare one.
insert into qar.flags (id, name, description, waters, parent_id, charter)
values
    ('00000000-0000-0000-0904-000000000001', 'Outdoor', 'In the open', 'place', null, 'ch-1'),
    ('00000000-0000-0000-0904-000000000002', 'Beach', null, 'place', '00000000-0000-0000-0904-000000000001', null),
    ('00000000-0000-0000-0904-000000000003', 'ÄÖ', null, null, null, null);
