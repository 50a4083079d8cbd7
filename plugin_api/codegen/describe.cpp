// See describe.hpp.
#include "codegen/describe.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "codegen/cardinality.hpp"
#include "codegen/cpp_types.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/node_tree.hpp"
#include "codegen/nullability.hpp"
#include "codegen/server.hpp"

namespace qm::codegen {
namespace {

struct TableColumn {
  int attribute = 0;
  std::string name;
  bool not_null = false;
};

struct Table {
  std::string name;  // qualified
  std::vector<TableColumn> columns;
};

struct Type {
  std::string name;
  Oid fixed_oid = 0;
  bool has_counterpart = false;
};

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

// The qualified name where the OID is not fixed, and whether the type's binary form is its text:
// enums, and string types of extensions such as citext.
constexpr const char* type_facts = R"(
select
  case when t.oid < 10000 then pg_catalog.format_type(t.oid, null)
       when e.oid is not null
         then pg_catalog.quote_ident(en.nspname) || '.' || pg_catalog.quote_ident(e.typname) || '[]'
       else pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) end,
  t.typtype = 'e' or (t.typtype = 'b' and t.typcategory = 'S')
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_type e on e.typarray = t.oid
left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
where t.oid = $1::oid)";

Oid oid_of(const std::string& text) {
  return static_cast<Oid>(std::stoul(text));
}

std::string unused_database_name() {
  static std::atomic<unsigned> count{0};
  return fmt::format("qmgen_{}_{}", getpid(), ++count);
}

Report refused(const std::string& object, const Refusal& refusal) {
  return {.object = object,
          .problem = fmt::format("PostgreSQL says: {} ({})", refusal.message, refusal.sqlstate),
          .hint = refusal.hint};
}

}  // namespace

// Functions that never give NULL for arguments that are not NULL. By what they are for rather than
// one by one: what implements an operator or a cast does so, but for geometry (no intersection) and
// the ways into json (no such key); of the others those that are known to.
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
  where p.proname = any ('{abs,age,ascii,bit_length,btrim,cardinality,cbrt,ceil,ceiling,char_length,
      character_length,chr,clock_timestamp,convert_from,convert_to,date_trunc,decode,div,encode,exp,
      factorial,family,floor,gcd,gen_random_uuid,generate_series,host,initcap,isfinite,
      json_array_length,json_typeof,jsonb_array_length,jsonb_pretty,jsonb_strip_nulls,jsonb_typeof,
      justify_days,justify_hours,justify_interval,lcm,left,length,ln,log,lower,lpad,ltrim,make_date,
      make_interval,make_time,make_timestamp,make_timestamptz,masklen,md5,mod,network,nextval,now,
      octet_length,pg_backend_pid,pi,position,power,quote_ident,quote_literal,random,
      regexp_replace,repeat,replace,reverse,right,round,row_to_json,rpad,rtrim,scale,sha224,sha256,
      sha384,sha512,sign,split_part,sqrt,starts_with,statement_timestamp,strpos,substr,text,timezone,
      to_hex,to_json,to_jsonb,transaction_timestamp,translate,trim_scale,trunc,txid_current,upper,
      version,width_bucket}')
)
select distinct p.oid
from used join pg_catalog.pg_proc p on p.oid = used.oid
where p.oid < 16384 and p.proisstrict and p.prokind = 'f'
  and p.proname !~ '^jsonb?_(object_field|array_element|extract_path)'
  and not (p.proname in ('lower', 'upper')
    and p.proargtypes::oid[] && '{anyrange,anymultirange}'::regtype[]::oid[])
  and not p.proargtypes::oid[] && array(select oid from geometry))";

constexpr const char* constant_functions = R"(
select p.oid from pg_catalog.pg_proc p
where p.oid < 16384 and p.proname = any ('{concat,array_append,array_prepend,num_nonnulls,num_nulls,
  json_build_array,json_build_object,jsonb_build_array,jsonb_build_object}'))";

// What is there to change something, though it can stand in a select.
constexpr const char* writing_functions = R"(
select p.oid from pg_catalog.pg_proc p
where p.oid < 16384 and (p.proname = any ('{nextval,setval,pg_notify}')
  or p.proname like 'lo\_%' or p.proname in ('loread', 'lowrite')))";

constexpr const char* builtin_names = R"(
select p.oid, p.proname from pg_catalog.pg_proc p where p.oid < 16384 and p.prokind in ('a', 'w'))";

constexpr const char* view_queries = R"(
select r.ev_class, r.ev_action::text from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
where c.relkind = 'v' and r.rulename = '_RETURN' and r.ev_class = $1::oid)";

struct DescribeDatabase::Impl {
  std::string url;
  std::string database;
  std::optional<Server> server;  // opened after the migrations: what they SET ends with them
  std::map<Oid, Table> tables;
  std::map<Oid, Type> types;
  CatalogFacts catalog;
  std::set<Oid> value_functions_of_server;
  std::set<Oid> constant_functions_of_server;
  std::map<Oid, std::string> builtin_names_of_server;
  std::map<Oid, std::string> views;
  std::function<bool(Oid)> writes;

  Server& connection() {
    if (!server) {
      server.emplace(url, database);
      read_catalog();
      server->show_trees();
    }
    return *server;
  }

  void read_catalog() {
    for (const auto& row : server->rows(value_functions))
      value_functions_of_server.insert(oid_of(row[0]));
    for (const auto& row : server->rows(constant_functions))
      constant_functions_of_server.insert(oid_of(row[0]));
    for (const auto& row : server->rows(builtin_names))
      builtin_names_of_server.emplace(oid_of(row[0]), row[1]);
    catalog.gives_value_for_values = [this](Oid oid) {
      return value_functions_of_server.contains(oid);
    };
    catalog.always_gives_value = [this](Oid oid) {
      return constant_functions_of_server.contains(oid);
    };
    catalog.builtin_name = [this](Oid oid) {
      const auto known = builtin_names_of_server.find(oid);
      return known == builtin_names_of_server.end() ? std::string() : known->second;
    };
    std::set<Oid> writing;
    for (const auto& row : server->rows(writing_functions))
      writing.insert(oid_of(row[0]));
    writes = [writing = std::move(writing)](Oid oid) { return writing.contains(oid); };
    catalog.view_query = [this](Oid oid) { return view_query(oid); };
    catalog.never_null_columns = [this](Oid oid) {
      std::vector<bool> never_null;
      for (const TableColumn& column : table(oid).columns) {
        // Dropped columns keep their number.
        never_null.resize(static_cast<std::size_t>(column.attribute), false);
        never_null.back() = column.not_null;
      }
      return never_null;
    };
  }

  const std::string& view_query(Oid oid) {
    const auto known = views.find(oid);
    if (known != views.end()) return known->second;
    const auto rows = connection().rows(view_queries, {std::to_string(oid)});
    return views[oid] = rows.empty() ? std::string() : rows[0][1];
  }

  const Table& table(Oid oid) {
    const auto known = tables.find(oid);
    if (known != tables.end()) return known->second;
    Table read;
    const std::string key = std::to_string(oid);
    for (const auto& row : connection().rows(table_name, {key}))
      read.name = row[0];
    for (const auto& row : connection().rows(table_columns, {key})) {
      read.columns.push_back({std::stoi(row[0]), row[1], row[2] == "t"});
    }
    return tables[oid] = std::move(read);
  }

  const Type& type(Oid oid) {
    const auto known = types.find(oid);
    if (known != types.end()) return known->second;
    Type read;
    for (const auto& row : connection().rows(type_facts, {std::to_string(oid)})) {
      const bool fixed = oid < 10000;
      read.name = row[0];
      read.fixed_oid = fixed ? oid : 0;
      read.has_counterpart = fixed ? cpp_type(oid).has_value() : row[1] == "t";
    }
    return types[oid] = std::move(read);
  }
};

namespace {

// One query's way from the server's answer to a lock entry.
class Entry {
 public:
  Entry(const SourceQuery& query, const Statement& statement)
      : query_(query), statement_(statement) {
    entry_.name = query.name;
    entry_.sql = query_hash(query, statement);
  }

  [[noreturn]] void refuse(std::size_t offset, Report report) const {
    report.object = report.object.empty() ? "query " + query_.name
                                          : fmt::format("query {}: {}", query_.name, report.object);
    throw CodegenError(at(*query_.source, offset, std::move(report)));
  }

  [[noreturn]] void refuse(const Refusal& refusal) const {
    std::size_t offset =
        refusal.offset ? statement_.source_offset(*refusal.offset) : query_.tokens.front().begin;
    std::string object = "query " + query_.name;
    // "could not determine data type of parameter $2" has no position: point at the parameter.
    const std::size_t dollar = refusal.message.rfind('$');
    if (refusal.sqlstate == "42P18" && dollar != std::string::npos) {
      const std::size_t number = std::strtoul(refusal.message.c_str() + dollar + 1, nullptr, 10);
      if (number >= 1 && number <= statement_.parameters().size()) {
        const Parameter& parameter = statement_.parameters()[number - 1];
        offset = parameter.offset;
        object += ": parameter " + parameter.name;
      }
    }
    throw CodegenError(at(*query_.source, offset, refused(object, refusal)));
  }

  const SourceQuery& query_;
  const Statement& statement_;
  LockEntry entry_;
};

// The result columns that name.* of sqlc.embed(name) has become: the tree has their place.
std::vector<std::size_t> columns_at(const Node& tree, std::size_t sql_offset) {
  const bool is_select = !tree["targetList"].is_none() && tree["returningList"].is_none();
  std::vector<std::size_t> found;
  std::size_t index = 0;
  for (const Node& target : tree[is_select ? "targetList" : "returningList"].items()) {
    if (target["resjunk"].is_true()) continue;
    const Node& expression = target["expr"];
    if (expression.is("VAR") && expression["location"].number() == static_cast<long>(sql_offset)) {
      found.push_back(index);
    }
    ++index;
  }
  return found;
}

// Marks the columns of each sqlc.embed(): they have to be a whole row of a table, and are then
// written down as the table has them.
void mark_embeds(const Entry& work, const Node& tree, const std::vector<Server::Column>& columns,
                 const std::vector<ColumnNullability>& nullability,
                 const std::function<const Table&(Oid)>& table_of,
                 std::vector<TypedName>& described) {
  for (const Statement::Embed& embed : work.statement_.embeds()) {
    const std::vector<std::size_t> found = columns_at(tree, embed.sql_offset);
    const Table* table = found.empty() || columns[found[0]].table == 0
                             ? nullptr
                             : &table_of(columns[found[0]].table);
    bool is_whole = table != nullptr && table->columns.size() == found.size();
    bool may_be_missing = false;
    for (std::size_t i = 0; is_whole && i < found.size(); ++i) {
      const Server::Column& column = columns[found[i]];
      const TableColumn& own = table->columns[i];
      is_whole = found[i] == found[0] + i && column.table == columns[found[0]].table &&
                 column.attribute == own.attribute && described[found[i]].embed.empty();
      may_be_missing = may_be_missing || (own.not_null && nullability[found[i]].nullable);
    }
    if (!is_whole) {
      work.refuse(embed.source_offset, {.expected = "a table in sqlc.embed()",
                                        .found = embed.name,
                                        .hint = "of anything else list the columns"});
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      TypedName& column = described[found[i]];
      column.embed = embed.name;
      column.optional_embed = may_be_missing;
      column.nullable = !table->columns[i].not_null;
    }
  }
}

}  // namespace

DescribeDatabase::DescribeDatabase(std::string url) : impl_(std::make_unique<Impl>()) {
  impl_->url = std::move(url);
  Server server(impl_->url, "");
  const std::string name = unused_database_name();
  if (const auto refusal = server.run("create database " + name + " template template0")) {
    throw std::runtime_error("the server to describe on: " + refusal->message);
  }
  impl_->database = name;
}

DescribeDatabase::~DescribeDatabase() {
  impl_->server.reset();
  try {
    Server(impl_->url, "").run("drop database " + impl_->database + " with (force)");
  } catch (const std::exception& error) {
    fmt::print(stderr, "qmgen: database {} was left behind: {}\n", impl_->database, error.what());
  }
}

void DescribeDatabase::migrate(const std::vector<MigrationFile>& migrations) {
  Server server(impl_->url, impl_->database);
  // A fault that PostgreSQL gives no place for is told at `first`.
  const auto run = [&](const MigrationFile& migration, std::size_t from, std::size_t until,
                       std::size_t first) {
    const std::string& text = migration.up->text();
    const auto refusal = server.run(text.substr(from, until - from));
    if (!refusal) return;
    throw CodegenError(at(*migration.up, refusal->offset ? from + *refusal->offset : first,
                          refused(fmt::format("migration {:06}", migration.version), *refusal)));
  };
  for (const MigrationFile& migration : migrations) {
    std::size_t from = 0;
    std::size_t first = 0;
    bool begun = false;
    if (!migration.transactional) {
      // One by one: several statements in one message would be one transaction.
      for (const Token& token : lex(*migration.up)) {
        if (!begun && !token.is_comment()) {
          first = token.begin;
          begun = true;
        }
        if (!token.is_symbol(';')) continue;
        run(migration, from, token.end, first);
        from = token.end;
        begun = false;
      }
    }
    run(migration, from, migration.up->text().size(), first);
  }
}

LockEntry DescribeDatabase::describe(const SourceQuery& query, const Statement& statement) {
  Entry work(query, statement);
  Server::Shape shape;
  if (const auto refusal = impl_->connection().describe(statement.sql(), shape)) {
    work.refuse(*refusal);
  }
  const Node tree = read_node(shape.tree);
  if (returns_rows(query.kind) && shape.columns.empty()) {
    work.refuse(query.name_offset, {.expected = fmt::format("a statement that returns rows for {}",
                                                            to_string(query.kind)),
                                    .found = "one without result columns"});
  }
  if (query.annotations.replica && !reads_only(tree, impl_->writes)) {
    work.refuse(query.annotations.replica_offset,
                {.expected = "a statement that only reads for @replica",
                 .found = "one that may write or lock"});
  }

  // Parameters.
  for (std::size_t i = 0; i < shape.parameters.size(); ++i) {
    const Parameter& parameter = statement.parameters()[i];
    const Type& type = impl_->type(shape.parameters[i]);
    if (!type.has_counterpart) {
      work.refuse(parameter.offset, {.object = "parameter " + parameter.name,
                                     .expected = "a type with a C++ counterpart",
                                     .found = type.name,
                                     .hint = "cast it, for example to text"});
    }
    work.entry_.parameters.push_back(
        {parameter.name, type.name, type.fixed_oid, parameter.nullable, ""});
  }

  // Columns.
  impl_->catalog.nullable_parameters.clear();
  for (const Parameter& parameter : statement.parameters())
    impl_->catalog.nullable_parameters.push_back(parameter.nullable);
  const std::vector<ColumnNullability> nullability = shape.columns.empty()
                                                         ? std::vector<ColumnNullability>{}
                                                         : column_nullability(tree, impl_->catalog);
  const auto columns = returns_rows(query.kind) ? shape.columns : std::vector<Server::Column>{};
  std::vector<bool> as_declared;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Server::Column& column = columns[i];
    const Type& type = impl_->type(column.type);
    if (!type.has_counterpart) {
      work.refuse(query.tokens.front().begin, {.object = "column " + column.name,
                                               .expected = "a type with a C++ counterpart",
                                               .found = type.name,
                                               .hint = "cast it, for example to text"});
    }
    const ColumnNullability found = i < nullability.size() ? nullability[i] : ColumnNullability{};
    TypedName value{column.name, type.name, type.fixed_oid, found.nullable, ""};
    bool declared_not_null = false;
    if (column.table != 0) {
      const Table& table = impl_->table(column.table);
      for (const TableColumn& own : table.columns) {
        if (own.attribute != column.attribute) continue;
        value.table = table.name + "." + own.name;
        declared_not_null = own.not_null;
      }
    }
    as_declared.push_back(value.nullable == !declared_not_null);
    work.entry_.columns.push_back(std::move(value));
  }
  const auto override_column = [&](const Mention& mention, bool nullable) {
    bool found = false;
    for (std::size_t i = 0; i < work.entry_.columns.size(); ++i) {
      TypedName& column = work.entry_.columns[i];
      if (column.name != mention.name) continue;
      if (column.nullable != nullable) as_declared[i] = !as_declared[i];
      column.nullable = nullable;
      found = true;
    }
    if (!found) {
      work.refuse(mention.offset,
                  {.expected = "the name of a result column", .found = mention.name});
    }
  };
  for (const Mention& mention : query.annotations.not_null)
    override_column(mention, false);
  for (const Mention& mention : query.annotations.nullable)
    override_column(mention, true);

  if (returns_rows(query.kind)) {
    mark_embeds(
        work, tree, columns, nullability,
        [&](Oid oid) -> const Table& { return impl_->table(oid); }, work.entry_.columns);
  }

  // A whole row: every column of one table, in order, under its own name, as the table has it.
  if (!columns.empty() && columns[0].table != 0 && statement.embeds().empty()) {
    const Table& table = impl_->table(columns[0].table);
    bool whole =
        table.columns.size() == columns.size() &&
        std::all_of(as_declared.begin(), as_declared.end(), [](bool same) { return same; });
    for (std::size_t i = 0; whole && i < columns.size(); ++i) {
      whole = columns[i].table == columns[0].table && columns[i].name == table.columns[i].name &&
              columns[i].attribute == table.columns[i].attribute;
    }
    if (whole) work.entry_.row = table.name;
  }

  // What conditions say goes beyond what the table says: a whole row stays as the table has it.
  if (work.entry_.row.empty()) {
    for (std::size_t i = 0; i < work.entry_.columns.size() && i < nullability.size(); ++i) {
      TypedName& column = work.entry_.columns[i];
      const bool overridden =
          std::any_of(query.annotations.nullable.begin(), query.annotations.nullable.end(),
                      [&](const Mention& mention) { return mention.name == column.name; });
      const bool by_condition = column.embed.empty() && !nullability[i].nullable_where;
      if (!overridden && by_condition) column.nullable = false;
    }
  }

  const bool exactly_one = query.kind == Kind::one && gives_exactly_one_row(tree);
  const Kind kind = query.kind == Kind::one && !exactly_one ? Kind::opt : query.kind;
  work.entry_.kind = to_string(kind).substr(1);
  return std::move(work.entry_);
}

}  // namespace qm::codegen
