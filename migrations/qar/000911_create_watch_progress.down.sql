-- Drop qar.watch_progress and qar.voyage_log with all that hangs on them.
drop table if exists qar.voyage_log;
drop table if exists qar.watch_progress;
