-- Drop public.activity_log with its keys and indexes.
drop table if exists public.activity_log;
