-- The whole catalog of the current database as text, one object a line: what is compared before and
-- after a migration, and with another database.
--
-- Run it with search_path set to '' (set search_path = ''): the server's own pg_get_* functions leave
-- out the schema of whatever the path makes visible, and an empty path leaves out only pg_catalog.
--
-- One column, `line`, its fields separated by tabs; the first is the kind, the second the object:
--     schema      name
--     extension   name  schema
--     type        schema.type  enum values or domain definition
--     table       schema.table  relation kind  persistence  storage options  row security
--     view        schema.view  md5 of its definition
--     column      schema.table  column  position  type  nullability  default or generation  collation
--     constraint  schema.table  name  definition
--     index       schema.table  name  definition  validity
--     trigger     schema.table  name  definition  state
--     policy      schema.table  name  definition
--     sequence    schema.sequence  type  start  increment  minimum  maximum  cache  cycle  owner
--     function    schema.function(arguments)  result  language  md5 of its definition
-- The position of a column counts the living columns and is the fourth field, so that a test can cut
-- it away where a rollback may bring a column back in another place. An absent value is "-".
--
-- Left out: system schemas, the schema quartermaster (the ledger), everything that belongs to an
-- extension, and the triggers that enforce foreign keys. Owners, privileges and comments as well.
with
    namespaces as (
        select oid, nspname
        from pg_catalog.pg_namespace
        where nspname !~ '^pg_'
          and nspname not in ('information_schema', 'quartermaster')
    ),
    -- Objects an extension brought: they come and go with it.
    extension_members as (
        select classid, objid
        from pg_catalog.pg_depend
        where deptype = 'e'
    ),
    relations as (
        select c.*, format('%I.%I', n.nspname, c.relname) as name
        from pg_catalog.pg_class as c
        join namespaces as n on n.oid = c.relnamespace
        where (('pg_catalog.pg_class'::regclass)::oid, c.oid) not in (select classid, objid from extension_members)
    ),
    tables as (
        select * from relations where relkind in ('r', 'p', 'f')
    ),
    lines (kind, object, detail) as (
        select 'schema', format('%I', nspname), array[]::text[]
        from namespaces

        union all
        select 'extension', format('%I', e.extname), array[n.nspname::text]
        from pg_catalog.pg_extension as e
        join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
        where n.nspname <> 'pg_catalog'

        union all
        select
            'type',
            format('%I.%I', n.nspname, t.typname),
            array[
                case t.typtype
                    when 'e' then (
                        select 'enum ' || string_agg(quote_literal(v.enumlabel), ', ' order by v.enumsortorder)
                        from pg_catalog.pg_enum as v
                        where v.enumtypid = t.oid
                    )
                    else concat_ws(
                        ' ',
                        'domain',
                        format_type(t.typbasetype, t.typtypmod),
                        case when t.typnotnull then 'not null' end,
                        'default ' || t.typdefault,
                        (
                            select string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname)
                            from pg_catalog.pg_constraint as k
                            where k.contypid = t.oid
                        )
                    )
                end
            ]
        from pg_catalog.pg_type as t
        join namespaces as n on n.oid = t.typnamespace
        where t.typtype in ('e', 'd')
          and (('pg_catalog.pg_type'::regclass)::oid, t.oid) not in (select classid, objid from extension_members)

        union all
        select
            'table',
            t.name,
            array[
                case t.relkind when 'r' then 'table' when 'p' then 'partitioned table' else 'foreign table' end,
                case t.relpersistence when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end,
                coalesce(array_to_string(t.reloptions, ' '), '-'),
                case
                    when t.relforcerowsecurity then 'row security forced'
                    when t.relrowsecurity then 'row security'
                    else '-'
                end
            ]
        from tables as t

        union all
        select 'view', v.name, array[md5(pg_get_viewdef(v.oid))]
        from relations as v
        where v.relkind in ('v', 'm')

        union all
        select
            'column',
            t.name,
            array[
                format('%I', a.attname),
                (row_number() over (partition by t.oid order by a.attnum))::text,
                format_type(a.atttypid, a.atttypmod),
                case when a.attnotnull then 'not null' else 'null' end,
                coalesce(
                    case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
                    case when a.attgenerated = '' then 'default ' else 'generated stored ' end
                    || regexp_replace(btrim(pg_get_expr(d.adbin, d.adrelid), E' \n'), '\s+', ' ', 'g'),
                    '-'
                ),
                coalesce(
                    (
                        select format('%I.%I', n.nspname, c.collname)
                        from pg_catalog.pg_collation as c
                        join pg_catalog.pg_namespace as n on n.oid = c.collnamespace
                        where c.oid = a.attcollation and c.collname <> 'default'
                    ),
                    '-'
                )
            ]
        from tables as t
        join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum

        union all
        select
            'constraint',
            t.name,
            array[format('%I', k.conname), regexp_replace(pg_get_constraintdef(k.oid), '\s+', ' ', 'g')]
        from tables as t
        -- Servers from 18 on list NOT NULL here as well; the column says it already.
        join pg_catalog.pg_constraint as k on k.conrelid = t.oid and k.contype <> 'n'

        union all
        select
            'index',
            t.name,
            array[
                format('%I', c.relname),
                pg_get_indexdef(i.indexrelid),
                case when i.indisvalid and i.indisready then 'valid' else 'invalid' end
            ]
        from relations as t
        join pg_catalog.pg_index as i on i.indrelid = t.oid
        join pg_catalog.pg_class as c on c.oid = i.indexrelid

        union all
        select
            'trigger',
            t.name,
            array[
                format('%I', g.tgname),
                pg_get_triggerdef(g.oid),
                case g.tgenabled
                    when 'O' then 'enabled'
                    when 'D' then 'disabled'
                    else 'enabled ' || g.tgenabled::text
                end
            ]
        from relations as t
        join pg_catalog.pg_trigger as g on g.tgrelid = t.oid
        where not g.tgisinternal

        union all
        select
            'policy',
            t.name,
            array[
                format('%I', p.polname),
                concat_ws(
                    ' ',
                    p.polcmd::text,
                    case when p.polpermissive then 'permissive' else 'restrictive' end,
                    'using ' || pg_get_expr(p.polqual, p.polrelid),
                    'with check ' || pg_get_expr(p.polwithcheck, p.polrelid)
                )
            ]
        from tables as t
        join pg_catalog.pg_policy as p on p.polrelid = t.oid

        union all
        select
            'sequence',
            s.name,
            array[
                format_type(q.seqtypid, null),
                'start ' || q.seqstart,
                'increment ' || q.seqincrement,
                'minimum ' || q.seqmin,
                'maximum ' || q.seqmax,
                'cache ' || q.seqcache,
                case when q.seqcycle then 'cycle' else 'no cycle' end,
                coalesce(
                    (
                        select format('owned by %s.%I', t.name, a.attname)
                        from pg_catalog.pg_depend as d
                        join relations as t on t.oid = d.refobjid
                        join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum = d.refobjsubid
                        where d.classid = 'pg_catalog.pg_class'::regclass
                          and d.objid = s.oid
                          and d.refclassid = 'pg_catalog.pg_class'::regclass
                          and d.deptype in ('a', 'i')
                    ),
                    '-'
                )
            ]
        from relations as s
        join pg_catalog.pg_sequence as q on q.seqrelid = s.oid

        union all
        select
            'function',
            format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
            array[
                coalesce(pg_get_function_result(p.oid), '-'),
                l.lanname::text,
                -- pg_get_functiondef cannot render an aggregate; there its name and result must do.
                case when p.prokind = 'a' then '-' else md5(pg_get_functiondef(p.oid)) end
            ]
        from pg_catalog.pg_proc as p
        join namespaces as n on n.oid = p.pronamespace
        join pg_catalog.pg_language as l on l.oid = p.prolang
        where (('pg_catalog.pg_proc'::regclass)::oid, p.oid) not in (select classid, objid from extension_members)
    )
select concat_ws(E'\t', kind, object, nullif(array_to_string(detail, E'\t'), '')) as line
from lines
order by
    kind collate "C",
    object collate "C",
    -- Columns stand in their order, everything else by name.
    case when kind = 'column' then detail[2]::integer end,
    detail collate "C";
