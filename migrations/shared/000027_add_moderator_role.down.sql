-- Remove the role moderator, and the movies and requests of the role user, from the policy.
-- Lines that assign users to the role (ptype g) are not the migration's and stay.
delete from shared.casbin_rule
where ptype = 'p'
  and (v0 = 'moderator' or (v0 = 'user' and v1 in ('movies', 'requests')));
