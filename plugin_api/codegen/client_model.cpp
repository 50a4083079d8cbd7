// See client_model.hpp.
#include "codegen/client_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "codegen/cpp_types.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/naming.hpp"

namespace qm::codegen {
namespace {

// Names that the header uses for something else: a struct, member or method of the same name would
// change what they mean.
const std::set<std::string>& reserved_names() {
  static const std::set<std::string> names{
      "Client", "bind",        "encode_as",   "client",         "qm",
      "std",    "BindError",   "Bytes",       "Executor",       "Expected",
      "Host",   "ParamBuffer", "CallOptions", "Result",         "RowReader",
      "Date",   "Inet",        "Interval",    "Json",           "Numeric",
      "Oid",    "TimeOfDay",   "Timestamp",   "TimestampTz",    "Uuid",
      "Rows",   "ParamSink",   "QueryKind",   "RegisteredQuery"};
  return names;
}

std::string optional_if(bool nullable, const std::string& type) {
  return nullable ? "std::optional<" + type + ">" : type;
}

// "public.movies" of "public.movies.title".
std::string table_of(const TypedName& column) {
  return column.table.substr(0, column.table.rfind('.'));
}

// The part of a qualified name after the last dot outside quotes, and the part before.
std::pair<std::string, std::string> split_name(const std::string& qualified) {
  std::size_t dot = std::string::npos;
  bool quoted = false;
  for (std::size_t i = 0; i < qualified.size(); ++i) {
    if (qualified[i] == '"') quoted = !quoted;
    if (qualified[i] == '.' && !quoted) dot = i;
  }
  if (dot == std::string::npos) return {"", qualified};
  return {qualified.substr(0, dot), qualified.substr(dot + 1)};
}

// The columns in runs: each of its own, or those of one embedded row.
std::vector<std::pair<std::size_t, std::size_t>> runs_of(const std::vector<TypedName>& columns) {
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t i = 0; i < columns.size();) {
    std::size_t end = i + 1;
    while (!columns[i].embed.empty() && end < columns.size() &&
           columns[end].embed == columns[i].embed) {
      ++end;
    }
    runs.emplace_back(i, end);
    i = end;
  }
  return runs;
}

bool is_many(const std::string& kind) {
  return kind == "many";
}

class Builder {
 public:
  Builder(const std::vector<PluginQuery>& queries, const Lock& lock, const ClientNames& names,
          std::string prefix)
      : queries_(queries),
        lock_(lock),
        names_(names),
        prefix_(std::move(prefix)),
        types_(reserved_names()),
        cpp_types_(lock, named_) {}

  ClientModel run() {
    renamed_tables_first();
    enums();
    for (const TypeEntry& type : lock_.types)
      composite(type.name);
    for (const PluginQuery& query : queries_)
      table_rows(*lock_.find(query.source.name));
    NameScope functions(reserved_names());
    for (const PluginQuery& query : queries_)
      method(query, functions);
    mark_views();
    require_used_names();
    return std::move(model_);
  }

 private:
  // What the author named gets its name; what is derived makes way.
  void renamed_tables_first() {
    for (const auto& [key, name] : names_.rename) {
      if (!is_type_key(key)) continue;
      if (types_.take(name)) continue;
      throw CodegenError(Diagnostic{.file = names_.file.string(),
                                    .report = {.object = "rename: " + key,
                                               .expected = "a name of its own",
                                               .found = name + ", which is taken"}});
    }
  }

  // Keys of columns have the table before them: "movies.title", "public.movies.title".
  bool is_type_key(const std::string& key) const {
    return std::any_of(
               queries_.begin(), queries_.end(),
               [&](const PluginQuery& query) {
                 const LockEntry& entry = *lock_.find(query.source.name);
                 const auto is_table = [&](const std::string& table) {
                   return !table.empty() && (key == table || key == split_name(table).second);
                 };
                 if (is_table(entry.row)) return true;
                 return std::any_of(entry.columns.begin(), entry.columns.end(),
                                    [&](const TypedName& column) {
                                      return !column.embed.empty() && is_table(table_of(column));
                                    });
               }) ||
           std::any_of(lock_.types.begin(), lock_.types.end(), [&](const TypeEntry& type) {
             return key == type.name || key == split_name(type.name).second;
           });
  }

  const std::string* renamed(const std::string& qualified) {
    auto found = names_.rename.find(qualified);
    if (found == names_.rename.end()) found = names_.rename.find(split_name(qualified).second);
    if (found == names_.rename.end()) return nullptr;
    used_names_.insert(found->first);
    return &found->second;
  }

  // Of a table or type: its own name, with the schema's before it when that is taken.
  std::string type_name(const std::string& qualified, bool is_table) {
    if (const std::string* given = renamed(qualified)) return *given;
    const auto [schema, name] = split_name(qualified);
    std::string own = identifier(camel_case(ascii_name(is_table ? singular(name) : name)), "Type");
    if (types_.take(own)) return own;
    return types_.unique(camel_case(ascii_name(schema)) + own);
  }

  void enums() {
    for (const TypeEntry& type : lock_.types) {
      if (type.form != TypeEntry::Form::enumeration) continue;
      ClientEnum made{type_name(type.name, false), type.name, {}};
      NameScope scope(std::set<std::string>{made.name});
      for (const std::string& label : type.labels)
        made.labels.push_back({scope.unique(identifier(ascii_name(label), "value")), label});
      named_.emplace(type.name, made.name);
      model_.enums.push_back(std::move(made));
    }
  }

  // After what it contains. A type cannot contain itself.
  void composite(const std::string& name) {
    const TypeEntry* type = lock_.find_type(name);
    if (type == nullptr || named_.contains(name)) return;
    if (!type->base.empty()) composite(type->base);
    if (type->form != TypeEntry::Form::composite) return;
    for (const TypedName& attribute : type->attributes)
      composite(attribute.type);
    ClientComposite made{type_name(name, false), name, {}};
    named_.emplace(name, made.name);
    NameScope scope(std::set<std::string>{made.name, "visit", "is_composite"});
    for (const TypedName& attribute : type->attributes)
      made.members.push_back(member(attribute, false, scope));
    model_.composites.push_back(std::move(made));
  }

  void table_rows(const LockEntry& entry) {
    if (!entry.row.empty()) table_row(entry.row, entry.columns);
    for (const auto& [begin, end] : runs_of(entry.columns)) {
      if (entry.columns[begin].embed.empty()) continue;
      table_row(table_of(entry.columns[begin]),
                {entry.columns.begin() + static_cast<std::ptrdiff_t>(begin),
                 entry.columns.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

  void table_row(const std::string& table, std::vector<TypedName> columns) {
    if (tables_.contains(table)) return;
    const std::string name = type_name(table, true);
    tables_.emplace(table, name);
    for (TypedName& column : columns)
      column.embed.clear();
    add_row(name, "A row of " + table + ".", columns);
  }

  void add_row(const std::string& name, std::string documentation,
               const std::vector<TypedName>& columns) {
    const std::string& view = views_[name] = types_.unique(name + "View");
    model_.rows.push_back({name, std::move(documentation), row_members(columns, name), view});
  }

  std::string include(const Override& found) {
    auto& includes = model_.includes;
    if (!found.include.empty() &&
        std::find(includes.begin(), includes.end(), found.include) == includes.end()) {
      includes.push_back(found.include);
    }
    return found.cpp;
  }

  const Override* override_of(const TypedName& value) {
    const auto fits = [&](const Override& entry) {
      return entry.column.empty() ? entry.type == value.type : entry.column == value.table;
    };
    const auto found = std::find_if(names_.overrides.begin(), names_.overrides.end(), fits);
    if (found == names_.overrides.end()) return nullptr;
    used_names_.insert(found->column);
    return &*found;
  }

  // What names a table, type or column that is not there is a slip of the pen. Types are another
  // matter: a list of them may serve several clients.
  void require_used_names() {
    Diagnostics diagnostics;
    const auto require = [&](const char* where, const std::string& key) {
      if (key.empty() || used_names_.contains(key)) return;
      diagnostics.add({.file = names_.file.string(),
                       .report = {.object = fmt::format("{}: {}", where, key),
                                  .expected = "what the queries give: schema.table, a type, "
                                              "schema.table.column, or Query.column",
                                  .found = "nothing of that name"}});
    };
    for (const auto& [key, name] : names_.rename)
      require("rename", key);
    for (const Override& entry : names_.overrides)
      require("overrides", entry.column);
    diagnostics.raise();
  }

  CppType type_of(const TypedName& value) {
    CppType type = cpp_types_.of(value);
    if (const Override* found = override_of(value)) {
      type.value = type.parameter = include(*found);
      type.by_value = false;
      return type;
    }
    for (std::string* text : {&type.value, &type.parameter}) {
      for (std::size_t at = text->find("qm::"); at != text->npos && prefix_.empty();
           at = text->find("qm::")) {
        text->erase(at, 4);
      }
    }
    return type;
  }

  ClientMember member(const TypedName& value, bool is_parameter, NameScope& scope) {
    const CppType type = type_of(value);
    ClientMember made;
    // A parameter has the name that its query gave it.
    const auto rename =
        is_parameter || value.table.empty() ? names_.rename.end() : column_rename(value.table);
    made.name =
        scope.unique(rename != names_.rename.end() ? rename->second
                                                   : identifier(ascii_name(value.name), "column"));
    made.json = json_name(value.name);
    made.type = optional_if(value.nullable, is_parameter ? type.parameter : type.value);
    const bool is_text = type.value == "std::string";
    made.view = optional_if(value.nullable, is_text ? "std::string_view" : type.value);
    made.wire = type.wire;
    made.by_value = type.by_value;
    return made;
  }

  std::map<std::string, std::string>::const_iterator column_rename(const std::string& column) {
    auto found = names_.rename.find(column);
    const auto dot = column.find('.');  // without the schema
    if (found == names_.rename.end() && dot != std::string::npos) {
      found = names_.rename.find(column.substr(dot + 1));
    }
    if (found != names_.rename.end()) used_names_.insert(found->first);
    return found;
  }

  // Expressions come from no table: they are called after their query.
  static std::vector<TypedName> columns_of(const LockEntry& entry) {
    std::vector<TypedName> columns = entry.columns;
    for (TypedName& column : columns) {
      if (column.table.empty()) column.table = entry.name + "." + column.name;
    }
    return columns;
  }

  NameScope member_scope(const std::string& of) const {
    std::set<std::string> taken = reserved_names();
    taken.insert({"read", "visit", "to_row", of});
    for (const auto& [type, name] : named_)
      taken.insert(name);
    return NameScope(std::move(taken));
  }

  // An embedded row is a member of its table's type.
  std::vector<ClientMember> row_members(const std::vector<TypedName>& columns,
                                        const std::string& of) {
    NameScope scope = member_scope(of);
    std::vector<ClientMember> made;
    for (const auto& [begin, end] : runs_of(columns)) {
      TypedName head = columns[begin];
      const bool is_embedded = !head.embed.empty();
      if (is_embedded) {
        head.name = head.embed;
        head.nullable = head.optional_embed;
      }
      ClientMember next = member(head, false, scope);
      next.column = begin;
      next.columns = end - begin;
      if (is_embedded) {
        next.embedded = tables_.at(table_of(head));
        next.is_optional_embed = head.optional_embed;
        next.type = optional_if(head.optional_embed, next.embedded);
        next.view = optional_if(head.optional_embed, views_.at(next.embedded));
      }
      made.push_back(std::move(next));
    }
    return made;
  }

  void method(const PluginQuery& query, NameScope& functions) {
    ClientMethod made;
    made.query = &query;
    made.entry = lock_.find(query.source.name);
    const LockEntry& entry = *made.entry;
    made.name = functions.unique(identifier(snake_case(entry.name), "query"));
    made.handle = made.name + (made.name.ends_with('_') ? "query_" : "_query_");
    if (is_many(entry.kind)) {
      const std::string stem = made.name + (made.name.ends_with('_') ? "" : "_");
      made.range_name = functions.unique(stem + "view");
      made.stream_name = functions.unique(stem + "stream");
      made.cursor_name = functions.unique(stem + "cursor");
    }
    const std::string base = identifier(camel_case(entry.name), "Query");
    row_type(made, base);
    if (entry.parameters.size() > 1) made.params.name = types_.unique(base + "Params");
    NameScope scope = member_scope(made.params.name);
    for (const TypedName& parameter : entry.parameters)
      made.params.members.push_back(member(parameter, true, scope));
    model_.methods.push_back(std::move(made));
  }

  void row_type(ClientMethod& made, const std::string& base) {
    const LockEntry& entry = *made.entry;
    if (!returns_rows(*parse_kind(":" + entry.kind))) return;
    if (!entry.row.empty()) {
      made.row = tables_.at(entry.row);
      made.view = views_.at(made.row);
      return;
    }
    const std::vector<TypedName> columns = columns_of(entry);
    if (columns.size() == 1 && columns[0].embed.empty()) {
      NameScope scope;
      const ClientMember only = member(columns.front(), false, scope);
      made.row = only.type;
      made.view = only.view;
      return;
    }
    made.row = types_.unique(base + "Row");
    // Names, types, order: everything but where the columns come from.
    std::vector<TypedName> shape = columns;
    for (TypedName& column : shape) {
      if (column.embed.empty() && override_of(column) == nullptr &&
          column_rename(column.table) == names_.rename.end()) {
        column.table.clear();
      }
    }
    for (const auto& [other, name] : shapes_) {
      if (other != shape) continue;
      model_.aliases.push_back({made.row, name});
      made.view = types_.unique(made.row + "View");
      if (is_many(entry.kind)) model_.aliases.push_back({made.view, views_.at(name)});
      return;
    }
    shapes_.emplace_back(shape, made.row);
    add_row(made.row, "A row of " + made.name + "().", columns);
    made.view = views_.at(made.row);
  }

  // A view of a row has views of the rows that it embeds.
  void mark_views() {
    const auto mark = [&](auto& self, const std::string& name) -> void {
      for (ClientRow& row : model_.rows) {
        if (row.name != name || row.has_view) continue;
        row.has_view = true;
        for (const ClientMember& each : row.members)
          if (!each.embedded.empty()) self(self, each.embedded);
      }
    };
    for (const ClientMethod& each : model_.methods) {
      if (!is_many(each.entry->kind)) continue;
      mark(mark, each.row);
      for (const ClientAlias& alias : model_.aliases)
        if (alias.name == each.row) mark(mark, alias.target);
    }
  }

  const std::vector<PluginQuery>& queries_;
  const Lock& lock_;
  const ClientNames& names_;
  const std::string prefix_;
  NameScope types_;
  std::map<std::string, std::string> named_;  // by name of the type
  CppTypes cpp_types_;
  std::map<std::string, std::string> views_;   // of each row struct
  std::map<std::string, std::string> tables_;  // struct by qualified name of the table
  std::vector<std::pair<std::vector<TypedName>, std::string>> shapes_;
  std::set<std::string> used_names_;  // of what the author has to say
  ClientModel model_;
};

}  // namespace

ClientModel client_model(const std::vector<PluginQuery>& queries, const Lock& lock,
                         const ClientNames& names, const std::string& prefix) {
  return Builder(queries, lock, names, prefix).run();
}

}  // namespace qm::codegen
