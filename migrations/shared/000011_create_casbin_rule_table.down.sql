-- Drop shared.casbin_rule with its lines, key, indexes and sequence.
drop table if exists shared.casbin_rule;
