-- The catalog of the current database in the words of the schema's description, one fact a line: what
-- a test compares with data/catalog_NNN.txt. Simpler and more legible than catalog.sql, and blind to
-- what the description does not speak of.
--
-- Run it with search_path set to '' (set search_path = ''), as catalog.sql says.
--
-- One column, `line`, its fields separated by tabs:
--     count        what  number
--     schema       name
--     extension    name
--     table        schema.table
--     column       schema.table  position  name  type  nullability  default
--     primary key  schema.table  name  (columns)
--     unique       schema.table  name  (columns)
--     foreign key  schema.table  name  (columns)  schema.table (columns)  on delete  on update  deferrability
--     check        schema.table  name  expression
--     index        schema.table  name  [unique ]method (keys)[ where predicate]
--     trigger      schema.table  name  when  function
--     function     schema.function(arguments)  result  language  body
--     sequence     schema.sequence  owner
-- Types have their short names (varchar, timestamptz), defaults of constants are without their cast,
-- an absent default is "-", blanks inside expressions and bodies are single. Indexes are those that do
-- not back a constraint. Expressions and predicates are as the server renders them. Names become text
-- before they meet text in an array: the array would be one of names, cut at 63 bytes.
with
    namespaces as (
        select oid, nspname
        from pg_catalog.pg_namespace
        where nspname !~ '^pg_'
          and nspname not in ('information_schema', 'quartermaster')
    ),
    extension_members as (
        select classid, objid
        from pg_catalog.pg_depend
        where deptype = 'e'
    ),
    relations as (
        select c.*, n.nspname || '.' || c.relname as name
        from pg_catalog.pg_class as c
        join namespaces as n on n.oid = c.relnamespace
        where (('pg_catalog.pg_class'::regclass)::oid, c.oid) not in (select classid, objid from extension_members)
    ),
    tables as (
        select * from relations where relkind = 'r'
    ),
    columns as (
        select
            t.oid as table_oid,
            t.name as table_name,
            a.attnum,
            a.attname::text,
            row_number() over (partition by t.oid order by a.attnum) as position,
            replace(
                replace(format_type(a.atttypid, a.atttypmod), 'character varying', 'varchar'),
                'timestamp with time zone',
                'timestamptz'
            ) as type,
            case when a.attnotnull then 'not null' else 'null' end as nullability,
            case when a.attgenerated = 's' then 'generated stored: ' else '' end
            || regexp_replace(
                regexp_replace(btrim(pg_get_expr(d.adbin, d.adrelid), E' \n'), '\s+', ' ', 'g'),
                '^(''.*'')::[a-z ]+(\[\])?$',
                '\1'
            ) as default_value
        from tables as t
        join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    ),
    constraints as (
        select
            k.*,
            t.name as table_name,
            (
                select '(' || string_agg(a.attname, ', ' order by key.place) || ')'
                from unnest(k.conkey) with ordinality as key (attnum, place)
                join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = key.attnum
            ) as columns
        from tables as t
        join pg_catalog.pg_constraint as k on k.conrelid = t.oid
    ),
    indexes as (
        select t.name as table_name, c.relname, i.*, m.amname
        from tables as t
        join pg_catalog.pg_index as i on i.indrelid = t.oid
        join pg_catalog.pg_class as c on c.oid = i.indexrelid
        join pg_catalog.pg_am as m on m.oid = c.relam
        where not exists (
            select 1
            from pg_catalog.pg_constraint as k
            where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
        )
    ),
    triggers as (
        select t.name as table_name, g.*
        from relations as t
        join pg_catalog.pg_trigger as g on g.tgrelid = t.oid
        where not g.tgisinternal
    ),
    functions as (
        select
            p.*,
            n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name
        from pg_catalog.pg_proc as p
        join namespaces as n on n.oid = p.pronamespace
        where (('pg_catalog.pg_proc'::regclass)::oid, p.oid) not in (select classid, objid from extension_members)
    ),
    types as (
        select t.*
        from pg_catalog.pg_type as t
        join namespaces as n on n.oid = t.typnamespace
        where (('pg_catalog.pg_type'::regclass)::oid, t.oid) not in (select classid, objid from extension_members)
    ),
    counts (what, number) as (
        select 'tables', count(*) from tables
        union all select 'columns', count(*) from columns
        union all select 'primary keys', count(*) from constraints where contype = 'p'
        union all select 'unique constraints', count(*) from constraints where contype = 'u'
        union all select 'foreign keys', count(*) from constraints where contype = 'f'
        union all select 'check constraints', count(*) from constraints where contype = 'c'
        union all select 'indexes', count(*) from relations where relkind in ('i', 'I')
        union all select 'indexes not backing a constraint', count(*) from indexes
        union all select 'triggers', count(*) from triggers
        union all select 'functions', count(*) from functions
        union all select 'sequences', count(*) from relations where relkind = 'S'
        union all select 'enum types', count(*) from types where typtype = 'e'
        union all select 'domains', count(*) from types where typtype = 'd'
        union all select 'views', count(*) from relations where relkind in ('v', 'm')
        union all select 'tables with row security', count(*) from tables where relrowsecurity
    ),
    lines (kind, object, place, detail) as (
        select 'count', what, 0, array[number::text]
        from counts

        union all
        select 'schema', nspname, 0, array[]::text[]
        from namespaces

        union all
        select 'extension', e.extname, 0, array[]::text[]
        from pg_catalog.pg_extension as e
        join namespaces as n on n.oid = e.extnamespace

        union all
        select 'table', name, 0, array[]::text[]
        from tables

        union all
        select
            'column',
            table_name,
            position,
            array[position::text, attname, type, nullability, coalesce(default_value, '-')]
        from columns

        union all
        select
            case contype when 'p' then 'primary key' else 'unique' end,
            table_name,
            0,
            array[conname::text, columns]
        from constraints
        where contype in ('p', 'u')

        union all
        select
            'foreign key',
            k.table_name,
            0,
            array[
                k.conname::text,
                k.columns,
                (
                    select r.name || ' (' || string_agg(a.attname, ', ' order by key.place) || ')'
                    from unnest(k.confkey) with ordinality as key (attnum, place)
                    join relations as r on r.oid = k.confrelid
                    join pg_catalog.pg_attribute as a on a.attrelid = r.oid and a.attnum = key.attnum
                    group by r.name
                ),
                'on delete ' || deleted.action,
                'on update ' || updated.action,
                case when k.condeferrable then 'deferrable' else 'not deferrable' end
            ]
        from constraints as k
        cross join lateral (
            select case k.confdeltype
                when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
                when 'n' then 'set null' when 'd' then 'set default'
            end
        ) as deleted (action)
        cross join lateral (
            select case k.confupdtype
                when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
                when 'n' then 'set null' when 'd' then 'set default'
            end
        ) as updated (action)
        where k.contype = 'f'

        union all
        select
            'check',
            table_name,
            0,
            array[conname::text, regexp_replace(pg_get_expr(conbin, conrelid), '\s+', ' ', 'g')]
        from constraints
        where contype = 'c'

        union all
        select
            'index',
            i.table_name,
            0,
            array[
                i.relname::text,
                case when i.indisunique then 'unique ' else '' end
                || i.amname
                || ' ('
                || (
                    select string_agg(
                        concat_ws(
                            ' ',
                            coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, key.place::integer, false)),
                            case when not o.opcdefault then o.opcname end,
                            -- Bit 1 is DESC, bit 2 NULLS FIRST, which comes with DESC.
                            (array['desc nulls last', 'nulls first', 'desc'])[i.indoption[key.place - 1]]
                        ),
                        ', ' order by key.place
                    )
                    from unnest(i.indkey::smallint[]) with ordinality as key (attnum, place)
                    join pg_catalog.pg_opclass as o on o.oid = i.indclass[key.place - 1]
                    left join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = key.attnum
                )
                || ')'
                || coalesce(' where ' || pg_get_expr(i.indpred, i.indrelid), '')
                || case when i.indisvalid then '' else ' invalid' end
            ]
        from indexes as i

        union all
        select
            'trigger',
            g.table_name,
            0,
            array[
                g.tgname::text,
                -- The bits of tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead.
                concat_ws(
                    ' ',
                    case when g.tgtype & 2 > 0 then 'before' when g.tgtype & 64 > 0 then 'instead of' else 'after' end,
                    case when g.tgtype & 4 > 0 then 'insert' end,
                    case when g.tgtype & 8 > 0 then 'delete' end,
                    case when g.tgtype & 16 > 0 then 'update' end,
                    case when g.tgtype & 32 > 0 then 'truncate' end,
                    case when g.tgtype & 1 > 0 then 'per row' else 'per statement' end
                ),
                f.name
            ]
        from triggers as g
        join functions as f on f.oid = g.tgfoid

        union all
        select
            'function',
            f.name,
            0,
            array[
                pg_get_function_result(f.oid),
                l.lanname::text,
                btrim(regexp_replace(f.prosrc, '\s+', ' ', 'g'))
            ]
        from functions as f
        join pg_catalog.pg_language as l on l.oid = f.prolang

        union all
        select
            'sequence',
            s.name,
            0,
            array[
                (
                    select 'owned by ' || t.name || '.' || a.attname
                    from pg_catalog.pg_depend as d
                    join relations as t on t.oid = d.refobjid
                    join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum = d.refobjsubid
                    where d.classid = 'pg_catalog.pg_class'::regclass
                      and d.objid = s.oid
                      and d.refclassid = 'pg_catalog.pg_class'::regclass
                      and d.deptype in ('a', 'i')
                )
            ]
        from relations as s
        where s.relkind = 'S'
    )
select concat_ws(E'\t', kind, object, nullif(array_to_string(detail, E'\t'), '')) as line
from lines
order by kind collate "C", object collate "C", place, detail collate "C";
