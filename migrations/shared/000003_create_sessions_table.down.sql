-- Drop shared.sessions with its keys and indexes.
drop table if exists shared.sessions;
