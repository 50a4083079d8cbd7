-- Policy lines no migration may touch: a role of the administrator's own, roles given to users, an empty line.
insert into shared.casbin_rule (ptype, v0, v1, v2, v3, v4, v5)
values
    ('p', 'auditor', 'audit', 'read', null, null, null),
    ('p', 'auditor', 'requests', 'read', 'allow', 'extra', 'last'),
    ('g', 'ada', 'admin', null, null, null, null),
    ('g', 'zoë', 'moderator', null, null, null, null),
    ('g', 'dora', 'user', '*', null, null, null),
    ('p', null, null, null, null, null, null);
