-- A shared convoy with members of both kinds, and an empty one that has an owner.
insert into qar.convoys (id, owner_user_id, name, description, cover_path)
values
    ('00000000-0000-0000-0910-000000000001', null, 'For all', 'Text', '/co/1.jpg'),
    ('00000000-0000-0000-0910-000000000002', '00000000-0000-0000-0001-000000000001', 'Mine', null, null);
insert into qar.convoy_members (convoy_id, voyage_id, expedition_id, position)
values ('00000000-0000-0000-0910-000000000001', '00000000-0000-0000-0906-000000000001', null, 1),
    ('00000000-0000-0000-0910-000000000001', null, '00000000-0000-0000-0905-000000000001', null),
    ('00000000-0000-0000-0910-000000000001', '00000000-0000-0000-0906-000000000003', null, null);
