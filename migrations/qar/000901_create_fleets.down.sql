-- Drop qar.fleets and qar.fleet_scans with all that hangs on them.
drop table if exists qar.fleet_scans;
drop table if exists qar.fleets;
