-- Drop the tables of this version, those that refer to others first.
drop table if exists qar.expedition_flags;
drop table if exists qar.voyage_flags;
drop table if exists qar.expedition_crew;
drop table if exists qar.voyage_crew;
