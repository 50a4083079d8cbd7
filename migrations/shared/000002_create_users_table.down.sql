-- Drop shared.users with its keys and indexes.
drop table if exists shared.users;
