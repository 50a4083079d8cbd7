// What the shipped migrations make of an empty database, compared with the description of the
// schema in tests/data. Needs a server.
#include <gtest/gtest.h>

#include <quartermaster/embedded.hpp>
#include <quartermaster/migrator.hpp>

#include "database_text.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

TEST(Catalog, At32IsAsDescribed) {
  const TestDatabase database;
  EXPECT_EQ(Migrator(database.url(), shipped_plugins()).to(32).size(), 32U);
  EXPECT_EQ(catalog_facts(database.url()), expected("catalog_032.txt"));
  EXPECT_EQ(seed_rows(database.url()), expected("seed_032.txt"));
}

TEST(Catalog, AtTheNewestIsAsDescribed) {
  const TestDatabase database;
  Migrator(database.url(), shipped_plugins()).up();
  EXPECT_EQ(catalog_facts(database.url()), expected("catalog_302.txt"));
  EXPECT_EQ(seed_rows(database.url()), expected("seed_032.txt"));
}

// Installing one plugin after another ends where installing all at once does.
TEST(Catalog, IsTheSameWhenPluginsComeOneByOne) {
  const TestDatabase database;
  Migrator migrator(database.url(), shipped_plugins());
  for (const char* plugin : {"shared", "tvshow", "movie"}) {
    MigratorOptions options;
    options.plugin = plugin;
    EXPECT_FALSE(migrator.up(options).empty());
  }
  EXPECT_EQ(catalog_facts(database.url()), expected("catalog_302.txt"));
  EXPECT_EQ(seed_rows(database.url()), expected("seed_032.txt"));
}

// The plugins as built carry these very files.
TEST(Catalog, PluginsCarryTheFiles) {
  Config config;
  config.plugins.directories = {QUARTERMASTER_TEST_PLUGIN_DIR};
  config.plugins.use_default_directory = false;
  const Host host(config);
  for (const PluginInfo& wanted : shipped_plugins()) {
    const PluginInfo* built = host.plugin(wanted.id);
    ASSERT_NE(built, nullptr) << wanted.id;
    ASSERT_EQ(built->state, PluginState::loaded) << built->reason;
    ASSERT_EQ(built->migrations.size(), wanted.migrations.size()) << wanted.id;
    for (std::size_t i = 0; i < wanted.migrations.size(); ++i) {
      const Migration& file = wanted.migrations[i];
      const Migration& carried = built->migrations[i];
      EXPECT_EQ(carried.version, file.version);
      EXPECT_EQ(carried.slug, file.slug);
      EXPECT_EQ(carried.up_sql, file.up_sql);
      EXPECT_EQ(carried.down_sql, file.down_sql);
      EXPECT_EQ(carried.checksum, file.checksum);
      EXPECT_EQ(carried.transactional, file.transactional);
    }
  }
}

class NamedDatabase {
 public:
  explicit NamedDatabase(const std::string& name) : name_(name) {
    embedded::drop_database(server_url(), name_);
    embedded::create_database(server_url(), name_);
  }
  NamedDatabase(const NamedDatabase&) = delete;
  NamedDatabase& operator=(const NamedDatabase&) = delete;
  ~NamedDatabase() { embedded::drop_database(server_url(), name_); }
  std::string url() const { return database_url(name_); }

 private:
  std::string name_;
};

// Nothing in a migration may take the name of the database for granted.
TEST(Catalog, DoesNotDependOnTheDatabasesName) {
  const NamedDatabase database(R"(Müller's "films"; drop %s \ $1)");
  EXPECT_EQ(column(database.url(), "select current_database()"),
            R"(Müller's "films"; drop %s \ $1)");
  Migrator migrator(database.url(), shipped_plugins());
  const std::string empty = catalog(database.url());
  migrator.up();
  const std::string full = catalog(database.url());
  EXPECT_EQ(catalog_facts(database.url()), expected("catalog_302.txt"));
  migrator.to(0);
  EXPECT_EQ(catalog(database.url()), empty);
  migrator.up();
  EXPECT_EQ(catalog(database.url()), full);
}

}  // namespace
}  // namespace qm::test
