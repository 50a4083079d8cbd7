-- Drop qar.convoys and qar.convoy_members with all that hangs on them.
drop table if exists qar.convoy_members;
drop table if exists qar.convoys;
