// See verify.hpp.
#include "codegen/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "codegen/signature.hpp"

namespace qm::codegen {
namespace {

// Nothing when the query is as the lock file has it.
std::optional<Diagnostic> breakage_of(const PluginQuery& query, const LockEntry& locked,
                                      DescribeDatabase& database) {
  LockEntry found;
  try {
    found = database.describe(query.source, query.statement);
  } catch (const CodegenError& error) {
    return error.diagnostics().front();
  }
  if (signature(found) == signature(locked)) return std::nullopt;
  return at(*query.source.source, query.source.name_offset,
            {.object = "query " + query.source.name,
             .expected = signature(locked),
             .found = signature(found)});
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
