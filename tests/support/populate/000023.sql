-- One person in two parts and two jobs, which the unique index must let pass.
insert into public.movie_credits (
    id, movie_id, tmdb_person_id, name, profile_path, credit_type, character, cast_order, job, department
)
values
    ('00000000-0000-0000-0021-000000000001', '00000000-0000-0000-0003-000000000001', 7450, 'Toshiro Mifune',
     '/mifune.jpg', 'cast', 'Kikuchiyo', 0, null, null),
    ('00000000-0000-0000-0021-000000000002', '00000000-0000-0000-0003-000000000001', 7450, 'Toshiro Mifune',
     null, 'cast', 'Voice', null, null, null),
    ('00000000-0000-0000-0021-000000000003', '00000000-0000-0000-0003-000000000001', 5026, 'Akira Kurosawa',
     null, 'crew', null, null, 'Director', 'Directing'),
    ('00000000-0000-0000-0021-000000000004', '00000000-0000-0000-0003-000000000001', 5026, 'Akira Kurosawa',
     null, 'crew', null, null, 'Editor', 'Editing');
