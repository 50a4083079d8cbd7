-- Drop qar.expeditions and qar.expedition_files with all that hangs on them.
drop table if exists qar.expedition_files;
drop table if exists qar.expeditions;
