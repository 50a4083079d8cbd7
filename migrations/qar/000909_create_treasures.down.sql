-- Drop the tables of this version, those that refer to others first.
drop table if exists qar.treasure_flags;
drop table if exists qar.treasure_ports;
drop table if exists qar.treasure_crew;
drop table if exists qar.treasure_images;
drop table if exists qar.treasures;
