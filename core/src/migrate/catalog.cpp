// See catalog.hpp.
#include "migrate/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <quartermaster/transaction.hpp>
#include <set>
#include <string_view>

namespace qm::migrate {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    fields.push_back(line.substr(0, tab));
    if (tab == line.size()) return fields;
    line.remove_prefix(tab + 1);
  }
}

struct Object {
  std::string table;  // that it belongs to; empty: it stands alone
  std::string definition;
};

// By kind and name: "column public.movies.title".
using Objects = std::map<std::string, Object>;

Objects objects_of(const std::vector<std::string>& catalog) {
  constexpr std::string_view parts[] = {"column", "constraint", "index", "trigger", "policy"};
  Objects objects;
  for (const std::string& line : catalog) {
    const std::vector<std::string_view> fields = fields_of(line);
    const std::string_view kind = fields[0];
    const bool is_part = std::find(std::begin(parts), std::end(parts), kind) != std::end(parts);
    std::size_t detail = is_part ? 3 : 2;
    const std::string name = is_part ? fmt::format("{} {}.{}", kind, fields[1], fields[2])
                                     : fmt::format("{} {}", kind, fields[1]);
    if (kind == "column") ++detail;  // without its place
    Object object{.table = is_part ? std::string(fields[1]) : "", .definition = {}};
    for (; detail < fields.size(); ++detail) {
      if (fields[detail] == "-") continue;
      object.definition += object.definition.empty() ? "" : ", ";
      object.definition += fields[detail];
    }
    if (object.definition.empty()) object.definition = "there";
    objects.emplace(name, std::move(object));
  }
  return objects;
}

// Others may have made them before.
bool is_shared(std::string_view object) {
  return object.starts_with("schema ") || object.starts_with("extension ");
}

}  // namespace

std::vector<std::string> read_catalog(Connection& connection) {
  Transaction transaction(connection, {.read_only = true});
  connection.execute_script("set local search_path = ''", {}, "quartermaster.catalog");
  const Result result = connection.execute_script(catalog_sql, {}, "quartermaster.catalog");
  std::vector<std::string> lines;
  for (int row = 0; row < result.rows(); ++row) {
    const Field field = result.field(row, 0);
    lines.emplace_back(field.data, static_cast<std::size_t>(field.size));
  }
  transaction.rollback();
  return lines;
}

std::vector<SchemaDifference> compare_catalogs(const std::vector<std::string>& expected,
                                               const std::vector<std::string>& found,
                                               const std::vector<std::string>& elsewhere) {
  const Objects wanted = objects_of(expected);
  const Objects there = objects_of(found);
  const Objects others = objects_of(elsewhere);
  std::vector<SchemaDifference> differences;
  for (const auto& [name, object] : wanted) {
    const auto match = there.find(name);
    if (match == there.end()) {
      // What belongs to a missing table is missing with it.
      if (!object.table.empty() && !there.contains("table " + object.table)) continue;
      differences.push_back({name, object.definition, ""});
    } else if (match->second.definition != object.definition) {
      differences.push_back({name, object.definition, match->second.definition});
    }
  }
  for (const auto& [name, object] : there) {
    if (wanted.contains(name)) continue;
    const bool is_ours = object.table.empty() ? others.contains(name) && !is_shared(name)
                                              : wanted.contains("table " + object.table);
    if (is_ours) differences.push_back({name, "", object.definition});
  }
  std::sort(
      differences.begin(), differences.end(),
      [](const SchemaDifference& a, const SchemaDifference& b) { return a.object < b.object; });
  return differences;
}

}  // namespace qm::migrate
