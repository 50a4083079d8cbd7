-- Drop qar.access_log with all that hangs on it.
drop table if exists qar.access_log;
