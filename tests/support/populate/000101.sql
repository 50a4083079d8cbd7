-- Rows of the new table or the changed ones.
insert into shared.server_stats (stat_key, stat_value) values ('movies.total', 9223372036854775807), ('', -1);
