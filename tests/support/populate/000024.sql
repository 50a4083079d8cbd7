-- A collection with an order, and one that is nobody else's and has none.
insert into public.movie_collections (id, tmdb_collection_id, name, overview, poster_path, backdrop_path)
values
    ('00000000-0000-0000-0022-000000000001', 300, 'Space', 'Films in space', '/pc.jpg', '/bc.jpg'),
    ('00000000-0000-0000-0022-000000000002', null, 'Rainy days', null, null, null);

insert into public.movie_collection_members (id, collection_id, movie_id, collection_order)
values
    ('00000000-0000-0000-0023-000000000001', '00000000-0000-0000-0022-000000000001',
     '00000000-0000-0000-0003-000000000002', 1),
    ('00000000-0000-0000-0023-000000000002', '00000000-0000-0000-0022-000000000002',
     '00000000-0000-0000-0003-000000000001', null),
    ('00000000-0000-0000-0023-000000000003', '00000000-0000-0000-0022-000000000002',
     '00000000-0000-0000-0003-000000000002', null);
