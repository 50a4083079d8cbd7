// The migrations of the shipped plugins, read from their files, and what tests put into the tables
// on the way. For tests of the migrator and of the SQL itself: no plugin has to be built. That the
// plugins carry just these files is a test of its own.
#pragma once

#include <quartermaster/host.hpp>
#include <quartermaster/migrator.hpp>
#include <string>
#include <vector>

namespace qm::test {

// shared, movie and tvshow, as a Host would list them.
std::vector<PluginInfo> shipped_plugins();

// And qar.
std::vector<PluginInfo> all_plugins();

// The first three with their base versions, 1 to 32, alone: what tests of the migrator itself work
// on.
std::vector<PluginInfo> base_plugins();

// Every version of the plugins, ascending.
std::vector<std::uint32_t> versions_of(const std::vector<PluginInfo>& plugins);

// The rows of support/populate for this version; empty where there is no such file.
std::string population(std::uint32_t version);

// Goes up to `target` version by version, with the rows of each one put in.
inline constexpr std::uint32_t last_base_version = 32;
void up_populated(const std::string& url, std::uint32_t target = last_base_version,
                  const std::vector<PluginInfo>& plugins = shipped_plugins());

// A plugin of a test's own, for migrations that the shipped ones have no example of.
PluginInfo made_up_plugin(const std::string& id, const std::vector<Migration>& migrations,
                          const std::vector<std::string>& depends = {});
Migration made_up_migration(std::uint32_t version, const std::string& slug, const std::string& up,
                            const std::string& down = {}, bool transactional = true);

}  // namespace qm::test
