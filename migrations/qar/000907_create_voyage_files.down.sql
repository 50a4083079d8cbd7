-- Drop the tables of this version, those that refer to others first.
drop table if exists qar.voyage_waypoints;
drop table if exists qar.voyage_coordinates;
drop table if exists qar.voyage_files;
