// See catalog.hpp.
#include "codegen/catalog.hpp"

#include <regex>
#include <utility>

#include "codegen/naming.hpp"

namespace qm::codegen {
namespace {

// NOT NULL of a column can be relied on when every table that may bring rows enforces it: children
// by inheritance may have dropped the constraint, foreign tables only promise it, and rules may
// answer in the table's place. From PostgreSQL 18 on, a constraint that was not validated says
// nothing about the rows that were there before.
constexpr const char* table_columns = R"(
with recursive heirs (oid) as (
  select $1::oid
  union
  select i.inhrelid from pg_catalog.pg_inherits i join heirs h on i.inhparent = h.oid
)
select a.attnum, a.attname, (
  select bool_and(b.attnotnull and c.relkind in ('r', 'p') and not c.relhasrules and not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = h.oid and k.contype = 'n' and not k.convalidated
      and b.attnum = any (k.conkey)))
  from heirs h
  join pg_catalog.pg_class c on c.oid = h.oid
  join pg_catalog.pg_attribute b on b.attrelid = h.oid and b.attname = a.attname
)
from pg_catalog.pg_attribute a
where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
order by a.attnum)";

constexpr const char* table_name = R"(
select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid = $1::oid)";

// The qualified name where the OID is not fixed, what the type is, and over which other type.
constexpr const char* type_facts = R"(
select
  case when t.oid < 10000 then pg_catalog.format_type(t.oid, null)
       when e.oid is not null
         then pg_catalog.quote_ident(en.nspname) || '.' || pg_catalog.quote_ident(e.typname) || '[]'
       else pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) end,
  case when t.typtype = 'e' then 'enum'
       when t.typtype = 'd' then 'domain'
       when e.oid is not null then 'array'
       when t.typtype = 'b' and t.typcategory = 'S' then 'text'
       when c.relkind = 'c' then 'composite'
       else '' end,
  case when t.typtype = 'd' then t.typbasetype else coalesce(e.oid, 0) end
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_type e on e.typarray = t.oid
left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
left join pg_catalog.pg_class c on c.oid = t.typrelid
where t.oid = $1::oid)";

constexpr const char* enum_labels = R"(
select enumlabel from pg_catalog.pg_enum where enumtypid = $1::oid order by enumsortorder)";

constexpr const char* attributes = R"(
select a.attname, a.atttypid from pg_catalog.pg_attribute a
join pg_catalog.pg_type t on t.typrelid = a.attrelid
where t.oid = $1::oid and a.attnum > 0 and not a.attisdropped
order by a.attnum)";

TypeEntry::Form form_of(const std::string& word) {
  if (word == "enum") return TypeEntry::Form::enumeration;
  if (word == "domain") return TypeEntry::Form::domain;
  if (word == "array") return TypeEntry::Form::array;
  if (word == "composite") return TypeEntry::Form::composite;
  return word == "text" ? TypeEntry::Form::text : TypeEntry::Form::opaque;
}

// When PostgreSQL's own functions give a value. By what they are for rather than one by one: what
// implements an operator or a cast gives one for values, but for geometry (no intersection), the
// ways into json (no such key) and the time of an infinite timestamp; of the others those whose
// source shows it.
constexpr const char* value_functions = R"(
with geometry (oid) as (
  select unnest('{point,lseg,path,box,polygon,line,circle}'::regtype[]::oid[])
), used (oid) as (
  select o.oprcode::oid from pg_catalog.pg_operator o
  where o.oprcode not in ('jsonb_path_exists_opr'::regproc, 'jsonb_path_match_opr'::regproc)
  union
  select c.castfunc from pg_catalog.pg_cast c
  where c.castsource not in ('json'::regtype, 'jsonb'::regtype)
  union
  select p.oid from pg_catalog.pg_proc p
  where p.proname = any ('{abbrev,abs,acos,acosd,acosh,age,array_to_json,ascii,asin,asind,asinh,
      atan,atan2,atan2d,atand,atanh,bit_count,bit_length,broadcast,btrim,cardinality,cbrt,ceil,
      ceiling,char_length,character_length,chr,clock_timestamp,convert_from,convert_to,cos,cosd,
      cosh,cot,cotd,current_database,currval,date_bin,date_trunc,decode,degrees,div,encode,exp,
      factorial,family,floor,gcd,gen_random_uuid,generate_series,generate_subscripts,get_bit,
      get_byte,host,hostmask,inet_merge,inet_same_family,initcap,is_normalized,isempty,isfinite,
      json_array_elements,json_array_length,json_object,json_object_keys,json_strip_nulls,
      json_typeof,jsonb_array_elements,jsonb_array_length,jsonb_insert,jsonb_object,
      jsonb_object_keys,jsonb_path_query_array,jsonb_pretty,jsonb_set,jsonb_strip_nulls,
      jsonb_typeof,justify_days,justify_hours,justify_interval,lastval,lcm,left,length,ln,log,log10,
      lower,lower_inc,lower_inf,lpad,ltrim,make_date,make_interval,make_time,make_timestamp,
      make_timestamptz,masklen,md5,mod,multirange,netmask,network,nextval,normalize,now,numnode,
      octet_length,overlay,parse_ident,pg_backend_pid,pg_client_encoding,pg_column_size,
      pg_is_in_recovery,pg_postmaster_start_time,pg_size_bytes,pg_size_pretty,pg_try_advisory_lock,
      pg_try_advisory_lock_shared,pg_try_advisory_xact_lock,pg_try_advisory_xact_lock_shared,
      phraseto_tsquery,pi,plainto_tsquery,position,pow,power,querytree,quote_ident,quote_literal,
      radians,random,range_merge,regexp_count,regexp_like,regexp_replace,regexp_split_to_array,
      regexp_split_to_table,repeat,replace,reverse,right,round,row_to_json,rpad,rtrim,set_bit,
      set_byte,set_masklen,setval,setweight,sha224,sha256,sha384,sha512,sign,sin,sind,sinh,
      split_part,sqrt,starts_with,statement_timestamp,strip,strpos,substr,tan,tand,tanh,text,
      timeofday,timezone,to_ascii,to_date,to_hex,to_json,to_jsonb,to_timestamp,to_tsquery,
      to_tsvector,transaction_timestamp,translate,trim_array,trim_scale,trunc,ts_delete,ts_filter,
      ts_headline,ts_rank,ts_rank_cd,tsvector_to_array,txid_current,unistr,upper,upper_inc,
      upper_inf,version,websearch_to_tsquery,width_bucket}')
    or p.prosrc = any ('{array_to_text,bitsubstr,bitsubstr_no_len,bytea_substr,bytea_substr_no_len,
      extract_interval,extract_time,extract_timetz,float4_to_char,float8_to_char,int4_to_char,
      int8_to_char,interval_part,numeric_to_char,show_config_by_name,text_substr,
      text_substr_no_len,time_part,timetz_part}')
)
select distinct p.oid
from used join pg_catalog.pg_proc p on p.oid = used.oid
where p.oid < 16384 and p.proisstrict and p.prokind = 'f'
  and p.proname !~ '^jsonb?_(object_field|array_element(_text)?$|extract_path)'
  and p.prosrc <> all ('{timestamp_time,timestamptz_time,timestamptz_timetz}')
  and not (p.proname in ('lower', 'upper')
    and p.proargtypes::oid[] && '{anyrange,anymultirange}'::regtype[]::oid[])
  and not p.proargtypes::oid[] && array(select oid from geometry))";

// Those that are not strict.
constexpr const char* lenient_functions = R"(
select p.oid, g.gives
from pg_catalog.pg_proc p
join (values
  ('any value', '{array_cat}'::name[]),
  ('first', '{array_remove,array_replace,concat_ws,format,string_to_array}'),
  ('value', '{array_append,array_prepend,concat,json_build_array,json_build_object,
    jsonb_build_array,jsonb_build_object,num_nonnulls,num_nulls,pg_typeof,quote_nullable}')
) as g (gives, names) on p.proname = any (g.names)
where p.oid < 16384)";

// What is there to change something, though it can stand in a select.
constexpr const char* writing_functions = R"(
select p.oid from pg_catalog.pg_proc p
where p.oid < 16384 and (p.proname = any ('{nextval,setval,pg_notify}')
  or p.proname like 'lo\_%' or p.proname in ('loread', 'lowrite')))";

// What a statement that is run twice, or beside others, may do twice or to the others: anything
// volatile but what only gives another value each time.
constexpr const char* volatile_functions = R"(
select p.oid from pg_catalog.pg_proc p
where p.provolatile = 'v' and not (p.oid < 16384 and p.proname = any (
  '{random,clock_timestamp,timeofday,gen_random_uuid,pg_sleep,pg_sleep_for,pg_sleep_until}')))";

constexpr const char* builtin_names = R"(
select p.oid, p.proname from pg_catalog.pg_proc p where p.oid < 16384 and p.prokind in ('a', 'w'))";

// Those that are no names by themselves everywhere.
constexpr const char* keywords =
    "select word from pg_catalog.pg_get_keywords() where catcode <> 'U'";

constexpr const char* view_queries = R"(
select r.ev_class, r.ev_action::text from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
where c.relkind = 'v' and r.rulename = '_RETURN' and r.ev_class = $1::oid)";

Oid oid_of(const std::string& text) {
  return static_cast<Oid>(std::stoul(text));
}

std::set<Oid> oids_of(const std::vector<std::vector<std::string>>& rows) {
  std::set<Oid> oids;
  for (const auto& row : rows)
    oids.insert(oid_of(row[0]));
  return oids;
}

}  // namespace

Catalog::Catalog(Server& server) : server_(server) {
  read_functions();
  facts_.gives = [this](Oid oid) {
    const auto known = functions_.find(oid);
    return known == functions_.end() ? Gives::unknown : known->second;
  };
  facts_.builtin_name = [this](Oid oid) {
    const auto known = builtin_names_.find(oid);
    return known == builtin_names_.end() ? std::string() : known->second;
  };
  facts_.view_query = [this](Oid oid) { return view_query(oid); };
  facts_.never_null_columns = [this](Oid oid) {
    std::vector<bool> never_null;
    for (const TableColumn& column : table(oid).columns) {
      // Dropped columns keep their number.
      never_null.resize(static_cast<std::size_t>(column.attribute), false);
      never_null.back() = column.not_null;
    }
    return never_null;
  };
}

void Catalog::read_functions() {
  for (const Oid oid : oids_of(server_.rows(value_functions)))
    functions_.emplace(oid, Gives::value_for_values);
  for (const auto& row : server_.rows(lenient_functions)) {
    functions_.emplace(oid_of(row[0]), row[1] == "value"   ? Gives::value
                                       : row[1] == "first" ? Gives::value_for_first
                                                           : Gives::value_for_any_value);
  }
  writing_functions_ = oids_of(server_.rows(writing_functions));
  volatile_functions_ = oids_of(server_.rows(volatile_functions));
  for (const auto& row : server_.rows(keywords))
    keywords_.insert(row[0]);
  for (const auto& row : server_.rows(builtin_names))
    builtin_names_.emplace(oid_of(row[0]), row[1]);
}

std::string Catalog::quoted(const std::string& name) const {
  static const std::regex plain("[a-z_][a-z0-9_]*");
  return std::regex_match(name, plain) && !keywords_.contains(name) ? name : quote_identifier(name);
}

const std::string& Catalog::view_query(Oid oid) {
  const auto known = views_.find(oid);
  if (known != views_.end()) return known->second;
  const auto rows = server_.rows(view_queries, {std::to_string(oid)});
  return views_[oid] = rows.empty() ? std::string() : rows[0][1];
}

const Table& Catalog::table(Oid oid) {
  const auto known = tables_.find(oid);
  if (known != tables_.end()) return known->second;
  Table read;
  const std::string key = std::to_string(oid);
  for (const auto& row : server_.rows(table_name, {key}))
    read.name = row[0];
  for (const auto& row : server_.rows(table_columns, {key})) {
    read.columns.push_back({std::stoi(row[0]), row[1], row[2] == "t"});
  }
  return tables_[oid] = std::move(read);
}

const Type& Catalog::type(Oid oid) {
  const auto known = types_.find(oid);
  if (known != types_.end()) return known->second;
  Type read;
  const std::string key = std::to_string(oid);
  for (const auto& row : server_.rows(type_facts, {key})) {
    read = {row[0], oid < 10000 ? oid : 0};
    if (oid < 10000) continue;
    TypeEntry entry{row[0], form_of(row[1])};
    for (const auto& label : server_.rows(enum_labels, {key}))
      entry.labels.push_back(label[0]);
    if (const Oid base = oid_of(row[2]); base != 0) {
      const Type& other = type(base);
      entry.base = other.name;
      entry.base_oid = other.fixed_oid;
    }
    if (entry.form == TypeEntry::Form::composite) {
      for (const auto& attribute : server_.rows(attributes, {key})) {
        const Type& other = type(oid_of(attribute[1]));
        entry.attributes.push_back({.name = attribute[0],
                                    .type = other.name,
                                    .oid = other.fixed_oid,
                                    .nullable = true,
                                    .table = {}});
      }
    }
    type_entries_.emplace(entry.name, std::move(entry));
  }
  return types_[oid] = std::move(read);
}

}  // namespace qm::codegen
