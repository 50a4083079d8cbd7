-- Drop shared.server_stats.
drop table if exists shared.server_stats;
