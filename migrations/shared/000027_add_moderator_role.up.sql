-- Add the role moderator, and the movies and requests of the role user, to the policy.
-- No unique constraint covers a policy line: lines that are there already are left out by hand.
insert into shared.casbin_rule (ptype, v0, v1, v2)
select 'p', line.role, line.resource, line.action
from (values
    ('moderator', 'audit',    'read'),
    ('moderator', 'library',  'read'),
    ('moderator', 'movies',   'read'),
    ('moderator', 'movies',   'write'),
    ('moderator', 'profile',  'read'),
    ('moderator', 'profile',  'write'),
    ('moderator', 'requests', 'read'),
    ('moderator', 'requests', 'write'),
    ('moderator', 'requests', 'delete'),
    ('moderator', 'users',    'read'),
    ('moderator', 'users',    'write'),
    ('user',      'movies',   'read'),
    ('user',      'requests', 'read'),
    ('user',      'requests', 'write')
) as line (role, resource, action)
where not exists (
    select 1
    from shared.casbin_rule as existing
    where existing.ptype = 'p'
      and (existing.v0, existing.v1, existing.v2) = (line.role, line.resource, line.action)
);
