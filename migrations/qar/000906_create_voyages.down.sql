-- Drop qar.voyages with all that hangs on it.
drop table if exists qar.voyages;
