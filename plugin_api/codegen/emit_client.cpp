// See emit_client.hpp.
#include "codegen/emit_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "codegen/cpp_types.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/emit_plugin.hpp"
#include "codegen/naming.hpp"
#include "codegen/signature.hpp"

namespace qm::codegen {
namespace {

// Names that the header uses for something else: a struct, member or method of the same name would
// change what they mean.
const std::set<std::string>& reserved_names() {
  static const std::set<std::string> names{
      "Client",    "bind",           "encode_as", "client",    "qm",        "std",
      "BindError", "CallOptions",    "Executor",  "Expected",  "Host",      "ParamBuffer",
      "Result",    "RowReader",      "Bytes",     "Date",      "Inet",      "Interval",
      "Json",      "Numeric",        "Oid",       "TimeOfDay", "Timestamp", "TimestampTz",
      "Uuid",      "RegisteredQuery"};
  return names;
}

// The header's own names stand in qm::<id>, where `qm::` goes without saying.
std::string unqualified(const std::string& type) {
  std::string out = type;
  for (std::size_t at = out.find("qm::"); at != out.npos; at = out.find("qm::", at)) {
    out.erase(at, 4);
  }
  return out;
}

CppType require_type(Oid oid) {
  auto type = cpp_type(oid);
  // describe() has refused every type without one, so this is a lock file edited by hand.
  if (!type) throw std::runtime_error(fmt::format("no C++ type for OID {} of the lock file", oid));
  return {unqualified(type->value), unqualified(type->parameter), type->by_value};
}

std::string optional_if(bool nullable, const std::string& type) {
  return nullable ? "std::optional<" + type + ">" : type;
}

// Text of the manifest, where YAML allows several lines, as one without white space at its end.
std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

constexpr std::size_t line_width = 100;

// The text as adjacent string literals, broken after blanks where it gets too long for a line.
std::string wrapped_literal(std::string_view text, std::string_view indent) {
  std::string out;
  while (out.empty() || !text.empty()) {
    const std::size_t room = line_width - indent.size() - 4;
    std::size_t size = text.size();
    if (size > room) {
      const std::size_t blank = text.rfind(' ', room - 1);
      if (blank != text.npos) size = blank + 1;
    }
    out += fmt::format("{}{}\"{}\"", out.empty() ? "" : "\n", indent,
                       c_characters(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

struct Member {
  std::string type;
  std::string name;
  std::string read{};  // the expression that reads it; empty: row_.next<type>()
};

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

// "public.movies" of "public.movies.title".
std::string table_of(const TypedName& column) {
  return column.table.substr(0, column.table.rfind('.'));
}

std::vector<Member> members(const std::vector<TypedName>& values, bool parameters,
                            const std::string& of) {
  std::vector<Member> out;
  std::set<std::string> taken = reserved_names();
  taken.insert({"read", of});
  NameScope scope(std::move(taken));
  for (const TypedName& value : values) {
    const CppType type = require_type(value.oid);
    out.push_back({optional_if(value.nullable, parameters ? type.parameter : type.value),
                   scope.unique(identifier(value.name, "column"))});
  }
  return out;
}

// What a query's method is called and what it takes and gives.
struct Method {
  const PluginQuery* query = nullptr;
  const LockEntry* entry = nullptr;
  std::string name;
  std::string handle;      // the member that holds the registered query
  std::string row;         // type of a row; empty: none
  std::string parameters;  // struct of the parameters; empty: none or a single one
};

class Writer {
 public:
  Writer(const Plugin& plugin, const Lock& lock) : plugin_(plugin), lock_(lock) {}

  std::string run() {
    name_everything();
    head();
    for (const auto& [table, row] : table_rows_)
      row_struct(row.name, "A row of " + table + ".", row.columns);
    for (const Method& method : methods_)
      query_structs(method);
    client_class();
    line("");
    line("}}  // namespace qm::{}", plugin_.manifest.id);
    return std::move(out_);
  }

 private:
  struct TableRow {
    std::string name;
    std::vector<TypedName> columns{};
  };

  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  void comment(std::string_view indent, std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view one = text.substr(0, end);
      // A backslash at the end would continue the comment on the next line.
      line("{}//{}{}{}", indent, one.empty() ? "" : " ", one, one.ends_with('\\') ? "." : "");
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
  }

  void name_everything() {
    types_ = NameScope(reserved_names());
    NameScope functions(reserved_names());
    for (const PluginQuery& query : plugin_.queries) {
      const LockEntry& entry = *lock_.find(query.source.name);
      if (!entry.row.empty()) name_table(query, entry.row, entry.columns);
      for (const auto& [begin, end] : runs_of(entry.columns)) {
        if (entry.columns[begin].embed.empty()) continue;
        name_table(query, table_of(entry.columns[begin]),
                   {entry.columns.begin() + static_cast<std::ptrdiff_t>(begin),
                    entry.columns.begin() + static_cast<std::ptrdiff_t>(end)});
      }
    }
    for (const PluginQuery& query : plugin_.queries) {
      Method method;
      method.query = &query;
      method.entry = lock_.find(query.source.name);
      method.name = functions.unique(identifier(snake_case(query.source.name), "query"));
      method.handle = method.name + (method.name.ends_with('_') ? "query_" : "_query_");
      const std::string base = identifier(camel_case(query.source.name), "Query");
      if (!method.entry->row.empty()) {
        method.row = table_rows_.at(method.entry->row).name;
      } else if (method.entry->columns.size() == 1 && method.entry->columns[0].embed.empty()) {
        const TypedName& column = method.entry->columns.front();
        method.row = optional_if(column.nullable, require_type(column.oid).value);
      } else if (!method.entry->columns.empty()) {
        method.row = types_.unique(base + "Row");
      }
      if (method.entry->parameters.size() > 1) method.parameters = types_.unique(base + "Params");
      methods_.push_back(std::move(method));
    }
  }

  void name_table(const PluginQuery& query, const std::string& row,
                  const std::vector<TypedName>& columns) {
    if (table_rows_.contains(row)) return;
    const std::string table = row.substr(row.find('.') + 1);
    const auto& renames = plugin_.manifest.rename;
    auto renamed = renames.find(row);
    if (renamed == renames.end()) renamed = renames.find(table);
    const std::string name = renamed != renames.end()
                                 ? renamed->second
                                 : identifier(camel_case(singular(table)), "TableRow");
    if (!types_.take(name)) {
      throw CodegenError(
          at(*query.source.source, query.source.name_offset,
             {.object = "query " + query.source.name,
              .expected = "a struct name of its own for the rows of " + row,
              .found = name + ", which is taken",
              .hint = "rename it in plugin.yaml, such as rename: {" + row + ": Other}"}));
    }
    TableRow table_row{name, columns};
    for (TypedName& column : table_row.columns)
      column.embed.clear();
    table_rows_.emplace(row, std::move(table_row));
  }

  void head() {
    const Manifest& manifest = plugin_.manifest;
    comment("", on_one_line(fmt::format("{} {}{}{}", manifest.name, manifest.version,
                                        manifest.description.empty() ? "" : ": ",
                                        manifest.description)) +
                    ".");
    line(
        "// The typed client of plugin {}, generated by qmgen from its queries; edit those "
        "instead.",
        manifest.id);
    line("#pragma once");
    line("");
    line("#include <cstdint>");
    line("#include <optional>");
    line("#include <quartermaster/client.hpp>");
    line("#include <quartermaster/codec.hpp>");
    line("#include <string>");
    line("#include <string_view>");
    line("#include <vector>");
    line("");
    line("namespace qm::{} {{", manifest.id);
    line("");
  }

  // An embedded row is a member of its table's type.
  std::vector<Member> row_members(const std::vector<TypedName>& columns, const std::string& of) {
    std::vector<TypedName> heads;
    const auto runs = runs_of(columns);
    for (const auto& [begin, end] : runs) {
      heads.push_back(columns[begin]);
      if (!heads.back().embed.empty()) heads.back().name = heads.back().embed;
    }
    std::vector<Member> fields = members(heads, false, of);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (heads[i].embed.empty()) continue;
      const std::string& type = table_rows_.at(table_of(heads[i])).name;
      const std::size_t count = runs[i].second - runs[i].first;
      fields[i].type = optional_if(heads[i].optional_embed, type);
      fields[i].read = heads[i].optional_embed
                           ? fmt::format("client::read_embedded<{}>(row_, {})", type, count)
                           : type + "::read(row_)";
    }
    return fields;
  }

  void row_struct(const std::string& name, const std::string& documentation,
                  const std::vector<TypedName>& columns) {
    const auto fields = row_members(columns, name);
    comment("", documentation);
    line("struct {} {{", name);
    for (const Member& field : fields)
      line("  {} {}{{}};", field.type, field.name);
    line("");
    line("  static {} read(RowReader& row_) {{", name);
    line("    return {{");
    for (const Member& field : fields)
      line("        {},", field.read.empty() ? "row_.next<" + field.type + ">()" : field.read);
    line("    }};");
    line("  }}");
    line("  friend bool operator==(const {0}&, const {0}&) = default;", name);
    line("}};");
    line("");
  }

  void query_structs(const Method& method) {
    const LockEntry& entry = *method.entry;
    if (!method.parameters.empty()) {
      comment("", "Parameters of " + method.name + "(). Text is borrowed for the call.");
      line("struct {} {{", method.parameters);
      for (const Member& member : members(entry.parameters, true, method.parameters))
        line("  {} {}{{}};", member.type, member.name);
      line("}};");
      line("");
    }
    const bool is_single = entry.columns.size() == 1 && entry.columns[0].embed.empty();
    if (entry.row.empty() && !entry.columns.empty() && !is_single) {
      row_struct(method.row, "A row of " + method.name + "().", entry.columns);
    }
  }

  static std::string returned_type(const Method& method) {
    const std::string& kind = method.entry->kind;
    if (kind == "exec") return "void";
    if (kind == "execrows") return "std::int64_t";
    if (kind == "one") return method.row;
    return (kind == "opt" ? "std::optional<" : "std::vector<") + method.row + ">";
  }

  void method(const Method& method) {
    const LockEntry& entry = *method.entry;
    comment("  ", method.query->source.documentation);
    const auto values = members(entry.parameters, true, method.parameters);
    std::string argument;
    std::vector<std::string> names;
    if (!method.parameters.empty()) {
      argument = fmt::format("const {}& params", method.parameters);
      for (const Member& value : values)
        names.push_back("params." + value.name);
    } else if (!values.empty()) {
      const std::string name = NameScope({"db", "options"}).unique(values[0].name);
      const bool by_value = require_type(entry.parameters[0].oid).by_value;
      argument =
          fmt::format(fmt::runtime(by_value ? "{} {}" : "const {}& {}"), values[0].type, name);
      names.push_back(name);
    }
    head_of(method, argument);
    line("    ParamBuffer<{}> encoded_;", entry.parameters.size());
    for (std::size_t i = 0; i < names.size(); ++i)
      line("    encode_as(encoded_, {}, {});", entry.parameters[i].oid, names[i]);
    body_of(method);
    line("  }}");
    line("");
  }

  void head_of(const Method& method, const std::string& argument) {
    const std::string type = returned_type(method);
    const std::string required = argument.empty() ? "Executor& db" : "Executor& db, " + argument;
    const std::string optional = "const CallOptions& options = {}) const {";
    const std::string whole = fmt::format("  {} {}({}, {}", type, method.name, required, optional);
    if (whole.size() <= line_width) {
      line("{}", whole);
      return;
    }
    line("  {} {}(", type, method.name);
    const std::string arguments = fmt::format("      {}, {}", required, optional);
    if (arguments.size() <= line_width) {
      line("{}", arguments);
    } else {
      line("      {},", required);
      line("      {}", optional);
    }
  }

  void body_of(const Method& method) {
    const std::string& kind = method.entry->kind;
    const std::string call =
        fmt::format("db.execute(*{}, encoded_.view(), options)", method.handle);
    const std::size_t columns = method.entry->columns.size();
    if (kind == "exec") {
      line("    {};", call);
    } else if (kind == "execrows") {
      line("    return {}.affected_rows();", call);
    } else {
      line("    const Result result_ = {};", call);
      const std::string query = kind == "one" ? "*" + method.handle + ", " : "";
      line("    return client::read_{}<{}>({}result_, {});", kind, method.row, query, columns);
    }
  }

  void client_class() {
    const std::string& id = plugin_.manifest.id;
    line("// The queries of plugin {}. Copyable; thread-safe. `db` is a Pool, a Connection or a",
         id);
    line("// Transaction; every method throws as Executor::execute() does, and DecodeError.");
    line("class Client {{");
    line(" public:");
    line("  // Finds every query in the host's plugin, or says what does not fit.");
    line("  static Expected<Client, BindError> bind(const Host& host);");
    line("");
    for (const Method& each : methods_)
      method(each);
    line(" private:");
    line("  Client() = default;");
    if (!methods_.empty()) line("");
    for (const Method& method : methods_)
      line("  const RegisteredQuery* {} = nullptr;", method.handle);
    line("}};");
    line("");
    bind_function();
  }

  void bind_function() {
    line("inline Expected<Client, BindError> Client::bind(const Host& host) {{");
    line("  Client client;");
    line("  client::Binder bind(host, \"{}\");", plugin_.manifest.id);
    for (const Method& method : methods_) {
      const std::string text = signature(*method.entry);
      line("  bind(client.{}, \"{}\", {:#018x},", method.handle, method.query->source.name,
           signature_hash(text));
      line("{});", wrapped_literal(text, "       "));
    }
    line("  if (bind.error()) return *bind.error();");
    line("  return client;");
    line("}}");
  }

  const Plugin& plugin_;
  const Lock& lock_;
  NameScope types_;
  std::map<std::string, TableRow> table_rows_;  // by qualified name of the table
  std::vector<Method> methods_;
  std::string out_;
};

}  // namespace

std::string emit_client_header(const Plugin& plugin, const Lock& lock) {
  return Writer(plugin, lock).run();
}

}  // namespace qm::codegen
