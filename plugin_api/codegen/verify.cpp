// See verify.hpp.
#include "codegen/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace qm::codegen {
namespace {

struct Difference {
  std::string expected;
  std::string found;
};

std::string described(const char* what, const std::vector<TypedName>& values, std::size_t i) {
  if (i >= values.size()) return "none";
  return fmt::format("{} {} {}{}", what, values[i].name, values[i].type,
                     may_be_null(values[i]) ? ", NULL or not" : ", never NULL");
}

std::optional<Difference> first_difference(const char* what, const std::vector<TypedName>& locked,
                                           const std::vector<TypedName>& found, bool by_name) {
  for (std::size_t i = 0; i < std::max(locked.size(), found.size()); ++i) {
    const bool serves = i < locked.size() && i < found.size() && locked[i].type == found[i].type &&
                        (!by_name || (locked[i].name == found[i].name &&
                                      (may_be_null(locked[i]) || !may_be_null(found[i]))));
    if (!serves) return Difference{described(what, locked, i), described(what, found, i)};
  }
  return std::nullopt;
}

// What a client built for `locked` cannot go on with. It reads columns as they were then, but a
// value where it was prepared for NULL, or a row where there might have been none, is fine.
std::optional<Difference> difference(const LockEntry& found, const LockEntry& locked) {
  const auto kind = parse_kind(":" + found.kind);
  const bool same_kind = found.kind == locked.kind ||
                         (kind && to_string(without_guarantee(*kind)) == ":" + locked.kind);
  if (!same_kind) return Difference{":" + locked.kind, ":" + found.kind};
  if (auto parameters = first_difference("parameter", locked.parameters, found.parameters, false))
    return parameters;
  return first_difference("column", locked.columns, found.columns, true);
}

// Nothing when the query still does for what the lock file says of it.
std::optional<Diagnostic> breakage_of(const PluginQuery& query, const LockEntry& locked,
                                      DescribeDatabase& database) {
  LockEntry found;
  try {
    found = database.describe(query.source, query.statement.with_stars(locked.stars));
  } catch (const CodegenError& error) {
    return error.diagnostics().front();
  }
  const auto changed = difference(found, locked);
  if (!changed) return std::nullopt;
  return at(*query.source.source, query.source.name_offset,
            {.object = "query " + query.source.name,
             .expected = changed->expected,
             .found = changed->found});
}

}  // namespace

std::vector<Breakage> find_breakages(const Plugin& release, const Lock& lock, const Plugin& later,
                                     DescribeDatabase& database) {
  std::set<std::uint32_t> known;
  for (const MigrationFile& migration : release.all_migrations())
    known.insert(migration.version);
  std::vector<MigrationFile> migrations = later.all_migrations();
  std::stable_partition(migrations.begin(), migrations.end(), [&](const MigrationFile& migration) {
    return known.contains(migration.version);
  });

  std::vector<Breakage> breakages;
  std::set<std::string> broken;
  const auto look = [&](const MigrationFile& after) {
    for (const PluginQuery& query : release.queries) {
      if (broken.contains(query.source.name)) continue;
      if (auto found = breakage_of(query, *lock.find(query.source.name), database)) {
        broken.insert(query.source.name);
        breakages.push_back({query.source.name, after, std::move(*found)});
      }
    }
  };
  std::size_t next = 0;
  std::vector<MigrationFile> first;
  while (next < migrations.size() && known.contains(migrations[next].version))
    first.push_back(migrations[next++]);
  database.migrate(first);
  look({});
  for (; next < migrations.size(); ++next) {
    database.migrate({migrations[next]});
    look(migrations[next]);
  }
  return breakages;
}

}  // namespace qm::codegen
