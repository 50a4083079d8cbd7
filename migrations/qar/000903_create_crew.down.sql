-- Drop qar.crew, qar.crew_names and qar.crew_portraits with all that hangs on them.
drop table if exists qar.crew_portraits;
drop table if exists qar.crew_names;
drop table if exists qar.crew;
