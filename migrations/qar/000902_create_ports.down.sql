-- Drop qar.ports with all that hangs on it.
drop table if exists qar.ports;
