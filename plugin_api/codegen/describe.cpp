// See describe.hpp.
#include "codegen/describe.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <utility>

#include "codegen/assignments.hpp"
#include "codegen/cardinality.hpp"
#include "codegen/catalog.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/naming.hpp"
#include "codegen/node_tree.hpp"
#include "codegen/nullability.hpp"
#include "codegen/server.hpp"

namespace qm::codegen {
namespace {

std::string unused_database_name() {
  static std::atomic<unsigned> count{0};
  return fmt::format("qmgen_{}_{}", getpid(), ++count);
}

Report refused(const std::string& object, const Refusal& refusal) {
  return {.object = object,
          .problem = fmt::format("PostgreSQL says: {} ({})", refusal.message, refusal.sqlstate),
          .hint = refusal.hint};
}

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

// A bare $1 is called after the column that it meets, and may be NULL where it is written to one
// that may: there is no other way to say so.
void describe_parameters(Catalog& catalog, Entry& work, const Node& tree,
                         const std::vector<Oid>& types) {
  const auto uses = parameter_uses(tree);
  std::set<std::string> names;
  for (const Parameter& parameter : work.statement_.parameters()) {
    if (!parameter.positional) names.insert(parameter.name);
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    const Parameter& parameter = work.statement_.parameters()[i];
    const Type& type = catalog.type(types[i]);
    TypedName value{parameter.name, type.name, type.fixed_oid, parameter.nullable, ""};
    const auto use = uses.find(static_cast<long>(i) + 1);
    if (use != uses.end()) {
      if (use->second.target_attribute > 0) {
        const Table& table = catalog.table(target_table(tree));
        for (const TableColumn& column : table.columns) {
          if (column.attribute != use->second.target_attribute) continue;
          value.table = table.name + "." + column.name;
          if (parameter.positional) value.nullable = !column.not_null;
        }
      }
      if (parameter.positional) {
        value.name = use->second.name;
        for (int number = 2; !names.insert(value.name).second; ++number)
          value.name = fmt::format("{}_{}", use->second.name, number);
      }
    }
    work.entry_.parameters.push_back(std::move(value));
  }
}

// Stars that can be written out so that the statement gives what it gave: with bare names of
// columns, or else with their tables. None when neither will do, or nothing comes of it.
std::vector<Star> stars_of(Server& server, const Catalog& catalog, const Node& tree,
                           const Statement& statement, const Server::Shape& shape) {
  const auto quote = [&](const std::string& name) { return catalog.quoted(name); };
  for (const bool qualified : {false, true}) {
    std::vector<Star> stars = find_stars(tree, statement.sql(), qualified, quote);
    if (stars.empty()) break;
    Server::Shape written;
    if (server.describe(write_stars_out(statement.sql(), stars), written)) continue;
    if (written.columns == shape.columns && written.parameters == shape.parameters) return stars;
  }
  return {};
}

// "" where a parameter's type has no binary form that is known here: then the INSERT stays.
std::string copy_statement(Catalog& catalog, const Entry& work, const Node& tree) {
  const auto columns = copied_columns(tree, work.entry_.parameters.size());
  if (!columns) {
    work.refuse(work.query_.tokens.front().begin,
                {.expected = "insert into ... values ($1, $2, ...) for :copyfrom, each value a "
                             "parameter of its own",
                 .found = "another statement",
                 .hint = "use :batchexec for it"});
  }
  std::string list;
  for (const std::string& column : *columns)
    list += (list.empty() ? "" : ", ") + quote_identifier(column);
  return fmt::format("copy {} ({}) from stdin (format binary)",
                     catalog.table(target_table(tree)).name, list);
}

}  // namespace

struct DescribeDatabase::Impl {
  std::string url;
  std::string database;
  // Both opened after the migrations: what these SET ends with their connection.
  std::optional<Server> server;
  std::optional<Catalog> catalog;

  Server& connection() {
    if (!server) {
      server.emplace(url, database);
      catalog.emplace(*server);
      server->show_trees();
    }
    return *server;
  }

  // What is known of the schema is about to change.
  void close() {
    catalog.reset();
    server.reset();
  }
};

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
  impl_->close();
  try {
    Server(impl_->url, "").run("drop database " + impl_->database + " with (force)");
  } catch (const std::exception& error) {
    fmt::print(stderr, "qmgen: database {} was left behind: {}\n", impl_->database, error.what());
  }
}

namespace {

// Databases are the server's, not the schema's.
bool is_about_databases(std::string_view sql) {
  static const std::regex pattern("(create|drop|alter)\\s+(database|tablespace)\\b.*",
                                  std::regex::icase);
  const std::string start(sql.substr(0, 60));
  return std::regex_search(start, pattern, std::regex_constants::match_continuous);
}

// An extension that is not installed on the server (58P01, 0A000): its objects may not be needed.
bool is_missing_extension(std::string_view sql, const Refusal& refusal) {
  static const std::regex pattern("(create|comment\\s+on)\\s+extension\\b.*", std::regex::icase);
  const std::string start(sql.substr(0, 60));
  return (refusal.sqlstate == "58P01" || refusal.sqlstate == "0A000" ||
          refusal.sqlstate == "42704") &&
         std::regex_search(start, pattern, std::regex_constants::match_continuous);
}

// The role that a statement wants and the server does not have.
std::optional<std::string> missing_role(const Refusal& refusal) {
  static const std::regex pattern("role \"(.*)\" does not exist");
  std::smatch found;
  if (refusal.sqlstate != "42704" || !std::regex_match(refusal.message, found, pattern))
    return std::nullopt;
  return found[1].str();
}

}  // namespace

std::vector<Diagnostic> DescribeDatabase::run(const std::vector<SchemaFile>& files,
                                              bool own_server) {
  std::vector<Diagnostic> left_out;
  impl_->close();
  for (const SchemaFile& file : files) {
    // What a file SETs ends with it, as for the tools that it was written for.
    Server server(impl_->url, impl_->database);
    server.run("set lc_messages = 'C'");
    for (const SchemaStatement& statement : file.statements()) {
      if (is_about_databases(statement.sql)) {
        left_out.push_back(at(*file.source, statement.begin, {.problem = "left out"}));
        continue;
      }
      auto refusal = server.run(std::string(statement.sql));
      for (auto role = refusal ? missing_role(*refusal) : std::nullopt; own_server && role;) {
        if (server.run("create role " + quote_identifier(*role))) break;
        refusal = server.run(std::string(statement.sql));
        role = refusal ? missing_role(*refusal) : std::nullopt;
      }
      if (!refusal) continue;
      const std::size_t place = statement.begin + refusal->offset.value_or(0);
      const Diagnostic diagnostic = at(*file.source, place, refused("", *refusal));
      if (!is_missing_extension(statement.sql, *refusal)) throw CodegenError(diagnostic);
      left_out.push_back(diagnostic);
    }
  }
  return left_out;
}

void DescribeDatabase::set_search_path(const std::string& schemas) {
  impl_->close();
  Server server(impl_->url, impl_->database);
  if (const auto refusal =
          server.run("alter database " + impl_->database + " set search_path = " + schemas)) {
    throw std::runtime_error("the search path: " + refusal->message);
  }
}

void DescribeDatabase::migrate(const std::vector<MigrationFile>& migrations) {
  impl_->close();
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

std::vector<TypeEntry> DescribeDatabase::types() const {
  std::vector<TypeEntry> list;
  if (!impl_->catalog) return list;
  for (const auto& [name, entry] : impl_->catalog->type_entries())
    list.push_back(entry);
  return list;
}

LockEntry DescribeDatabase::describe(const SourceQuery& query, const Statement& statement) {
  Entry work(query, statement);
  Server& server = impl_->connection();
  Catalog& catalog = *impl_->catalog;
  Server::Shape shape;
  if (const auto refusal = server.describe(statement.sql(), shape)) {
    work.refuse(*refusal);
  }
  const Node tree = read_node(shape.tree);
  // A select of no columns still has rows.
  if (returns_rows(query.kind) && shape.columns.empty() && !is_select(tree)) {
    work.refuse(query.name_offset, {.expected = fmt::format("a statement that returns rows for {}",
                                                            to_string(query.kind)),
                                    .found = "one without result columns"});
  }
  work.entry_.reads_only = reads_only(tree, [&](Oid oid) { return catalog.has_effects(oid); });
  if (query.annotations.replica &&
      !reads_only(tree, [&](Oid oid) { return catalog.writes(oid); })) {
    work.refuse(query.annotations.replica_offset,
                {.expected = "a statement that only reads for @replica",
                 .found = "one that may write or lock"});
  }

  describe_parameters(catalog, work, tree, shape.parameters);
  if (query.kind == Kind::copyfrom) work.entry_.copy = copy_statement(catalog, work, tree);
  if (is_batch(query.kind) && shape.parameters.empty()) {
    work.refuse(
        query.name_offset,
        {.expected = fmt::format("a parameter for {}", to_string(query.kind)), .found = "none"});
  }

  if (returns_rows(query.kind)) {
    work.entry_.stars = stars_of(server, catalog, tree, statement, shape);
  }

  // Columns.
  catalog.facts().nullable_parameters.clear();
  for (const TypedName& parameter : work.entry_.parameters)
    catalog.facts().nullable_parameters.push_back(parameter.nullable);
  const std::vector<ColumnNullability> nullability =
      shape.columns.empty() ? std::vector<ColumnNullability>{}
                            : column_nullability(tree, catalog.facts());
  const auto columns = returns_rows(query.kind) ? shape.columns : std::vector<Server::Column>{};
  std::vector<bool> as_declared;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Server::Column& column = columns[i];
    const Type& type = catalog.type(column.type);
    const ColumnNullability found = i < nullability.size() ? nullability[i] : ColumnNullability{};
    TypedName value{column.name, type.name, type.fixed_oid, found.nullable, ""};
    bool declared_not_null = false;
    if (column.table != 0) {
      const Table& table = catalog.table(column.table);
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
        [&](Oid oid) -> const Table& { return catalog.table(oid); }, work.entry_.columns);
  }

  // A whole row: every column of one table, in order, under its own name, as the table has it.
  if (!columns.empty() && columns[0].table != 0 && statement.embeds().empty()) {
    const Table& table = catalog.table(columns[0].table);
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

  const Kind kind = gives_exactly_one_row(tree) ? query.kind : without_guarantee(query.kind);
  work.entry_.kind = to_string(kind).substr(1);
  return std::move(work.entry_);
}

}  // namespace qm::codegen
