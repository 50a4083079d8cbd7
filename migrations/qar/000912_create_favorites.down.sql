-- Drop qar.marked_charts, qar.crew_roster and qar.bounties with all that hangs on them.
drop table if exists qar.bounties;
drop table if exists qar.crew_roster;
drop table if exists qar.marked_charts;
