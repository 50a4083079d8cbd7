-- Give the roles user, guest and moderator the coarse policy again that versions 011 and 027 set.
delete from shared.casbin_rule
where ptype = 'p'
  and v0 in ('user', 'guest', 'moderator');

insert into shared.casbin_rule (ptype, v0, v1, v2)
select 'p', line.role, line.resource, action
from (values
    ('guest',     'library',  array['read']),

    ('user',      'library',  array['read']),
    ('user',      'movies',   array['read']),
    ('user',      'playback', array['read', 'write']),
    ('user',      'profile',  array['read', 'write']),
    ('user',      'requests', array['read', 'write']),

    ('moderator', 'audit',    array['read']),
    ('moderator', 'library',  array['read']),
    ('moderator', 'movies',   array['read', 'write']),
    ('moderator', 'profile',  array['read', 'write']),
    ('moderator', 'requests', array['read', 'write', 'delete']),
    ('moderator', 'users',    array['read', 'write'])
) as line (role, resource, actions)
cross join unnest(line.actions) as action;
