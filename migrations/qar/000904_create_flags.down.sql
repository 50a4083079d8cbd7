-- Drop qar.flags with all that hangs on it.
drop table if exists qar.flags;
