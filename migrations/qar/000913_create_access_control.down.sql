-- Drop qar.access_pins and qar.access_grants with all that hangs on them.
drop table if exists qar.access_grants;
drop table if exists qar.access_pins;
