-- Replace the coarse policy of the roles user, guest and moderator by one line per single permission.
-- The wildcard of admin, other roles and the assignments of users to roles (ptype g) stay.
delete from shared.casbin_rule
where ptype = 'p'
  and v0 in ('user', 'guest', 'moderator');

insert into shared.casbin_rule (ptype, v0, v1, v2)
select 'p', line.role, line.resource, action
from (values
    ('guest',     'libraries',     array['list', 'get']),
    ('guest',     'movies',        array['list', 'get']),
    ('guest',     'playback',      array['stream']),
    ('guest',     'profile',       array['read']),

    ('user',      'libraries',     array['list', 'get']),
    ('user',      'movies',        array['list', 'get']),
    ('user',      'notifications', array['list', 'get']),
    ('user',      'playback',      array['stream', 'progress']),
    ('user',      'profile',       array['read', 'update']),
    ('user',      'requests',      array['list', 'get', 'create']),
    ('user',      'settings',      array['user_read', 'user_write']),

    ('moderator', 'audit',         array['read']),
    ('moderator', 'integrations',  array['list', 'get', 'create', 'update', 'delete', 'sync']),
    ('moderator', 'libraries',     array['list', 'get', 'create', 'update', 'delete', 'scan']),
    ('moderator', 'movies',        array['list', 'get', 'create', 'update', 'delete']),
    ('moderator', 'notifications', array['list', 'get', 'create', 'update', 'delete']),
    ('moderator', 'playback',      array['stream', 'progress']),
    ('moderator', 'profile',       array['read', 'update']),
    ('moderator', 'requests',      array['list', 'get', 'create', 'approve', 'delete']),
    ('moderator', 'settings',      array['read', 'user_read', 'user_write']),
    ('moderator', 'users',         array['list', 'get'])
) as line (role, resource, actions)
cross join unnest(line.actions) as action;
