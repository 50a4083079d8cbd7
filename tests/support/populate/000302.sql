-- Rows of the new table or the changed ones.
insert into tvshow.networks (id, name)
values ('00000000-0000-0000-0302-000000000001', 'Unknown to TMDb'), ('00000000-0000-0000-0302-000000000002', 'And another')
on conflict (id) do update set tmdb_id = null;
