// Whatever order plugins are loaded and installed in, the schema comes out the same. Needs a
// server.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <quartermaster/migrator.hpp>

#include "database_text.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

std::string catalog_of_all() {
  const TestDatabase database;
  Migrator(database.url(), all_plugins()).up();
  return catalog(database.url());
}

TEST(Order, OfLoadingMakesNoDifference) {
  const std::string wanted = catalog_of_all();
  std::vector<PluginInfo> plugins = all_plugins();
  const auto by_id = [](const PluginInfo& a, const PluginInfo& b) { return a.id < b.id; };
  std::sort(plugins.begin(), plugins.end(), by_id);
  int orders = 0;
  do {
    const TestDatabase database;
    Migrator(database.url(), plugins).up();
    EXPECT_EQ(catalog(database.url()), wanted)
        << fmt::format("{} {} {} {}", plugins[0].id, plugins[1].id, plugins[2].id, plugins[3].id);
    ++orders;
  } while (std::next_permutation(plugins.begin(), plugins.end(), by_id));
  EXPECT_EQ(orders, 24);
}

// One after another, shared first: the others depend on it.
TEST(Order, OfInstallingMakesNoDifference) {
  const std::string wanted = catalog_of_all();
  std::vector<std::string> optional{"movie", "qar", "tvshow"};
  do {
    const TestDatabase database;
    Migrator migrator(database.url(), all_plugins());
    MigratorOptions options;
    options.plugin = "shared";
    EXPECT_FALSE(migrator.up(options).empty());
    for (const std::string& plugin : optional) {
      options.plugin = plugin;
      EXPECT_FALSE(migrator.up(options).empty());
    }
    EXPECT_TRUE(migrator.up().empty());
    EXPECT_EQ(catalog(database.url()), wanted) << fmt::format("{}", fmt::join(optional, " "));
  } while (std::next_permutation(optional.begin(), optional.end()));
}

// Each one comes late, to a database that was in use without it, and that knew nothing of it.
TEST(Order, AnyPluginMayComeLate) {
  const std::string wanted = catalog_of_all();
  for (const char* late : {"movie", "qar", "tvshow"}) {
    const TestDatabase database;
    std::vector<PluginInfo> others = all_plugins();
    std::erase_if(others, [&](const PluginInfo& plugin) { return plugin.id == late; });
    up_populated(database.url(), versions_of(others).back(), others);
    Migrator migrator(database.url(), all_plugins());
    EXPECT_FALSE(migrator.up().empty()) << late;
    EXPECT_EQ(catalog(database.url()), wanted) << late;
    // And goes again, its tables with it; the others do not notice.
    MigratorOptions options;
    options.plugin = late;
    while (!migrator.down(options).empty()) {
    }
    const TestDatabase without;
    Migrator(without.url(), others).up();
    EXPECT_EQ(catalog(database.url()), catalog(without.url())) << late;
  }
}

}  // namespace
}  // namespace qm::test
