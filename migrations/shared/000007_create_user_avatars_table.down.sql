-- Drop shared.user_avatars with its keys and indexes.
drop table if exists shared.user_avatars;
