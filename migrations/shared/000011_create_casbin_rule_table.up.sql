-- Create shared.casbin_rule: the access policy (p lines: role, resource, action; g lines: user, role).
create table if not exists shared.casbin_rule (
    id    serial,
    ptype varchar(100) not null,
    v0    varchar(100),
    v1    varchar(100),
    v2    varchar(100),
    v3    varchar(100),
    v4    varchar(100),
    v5    varchar(100),

    constraint casbin_rule_pkey primary key (id)
);

create index idx_casbin_rule_ptype on shared.casbin_rule (ptype);
create index idx_casbin_rule_v0 on shared.casbin_rule (v0);
create index idx_casbin_rule_v1 on shared.casbin_rule (v1);
create index idx_casbin_rule_v0_v1 on shared.casbin_rule (v0, v1);

-- No unique constraint covers a policy line, so "on conflict do nothing" would never see a
-- conflict: lines that are there already are left out by hand.
insert into shared.casbin_rule (ptype, v0, v1, v2)
select 'p', line.role, line.resource, line.action
from (values
    ('admin', '*',        '*'),
    ('user',  'library',  'read'),
    ('user',  'playback', 'read'),
    ('user',  'playback', 'write'),
    ('user',  'profile',  'read'),
    ('user',  'profile',  'write'),
    ('guest', 'library',  'read')
) as line (role, resource, action)
where not exists (
    select 1
    from shared.casbin_rule as existing
    where existing.ptype = 'p'
      and (existing.v0, existing.v1, existing.v2) = (line.role, line.resource, line.action)
);
