// The versions of the plugin qar: each down restores what was before its up, also with rows in the
// tables; nothing outside refers to the schema and nobody has rights on it by default.
#include <fmt/format.h>

#include <set>
#include <sstream>

#include "qar_database.hpp"
#include "shipped_migrations.hpp"

namespace qm::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Every row of shared and qar with its table's name.
std::set<std::string> all_rows(const std::string& url) {
  const auto connection = connect(url);
  std::istringstream tables(column(
      *connection,
      "select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n "
      "on n.oid = relnamespace where relkind = 'r' and nspname in ('shared', 'qar') order by 1"));
  std::set<std::string> rows;
  for (std::string table; std::getline(tables, table);) {
    std::istringstream text(
        column(*connection, fmt::format("select '{0} ' || to_jsonb(t)::text from {0} t", table)));
    for (std::string row; std::getline(text, row);)
      rows.insert(row);
  }
  return rows;
}

// The host's own: what is in the built plugins is what is tested.
class QarMigrations : public testing::Test {
 protected:
  // All of shared, whatever versions it has, with users and sessions in it.
  void up_to_shared() {
    for (const std::uint32_t version : {1U, 2U, 3U}) {
      migrator.to(version);
      run_sql(url, population(version));
    }
    MigratorOptions shared_only;
    shared_only.plugin = "shared";
    migrator.up(shared_only);
  }
  std::vector<std::uint32_t> versions() const {
    std::vector<std::uint32_t> out;
    for (const Migration& migration : host.plugin("qar")->migrations)
      out.push_back(migration.version);
    return out;
  }

  TestDatabase database;
  std::string url = database.url();
  Host host{config_for(url, {"qar"})};
  Migrator migrator = host.migrator();
};

TEST_F(QarMigrations, AreFifteenInTheirRange) {
  const PluginInfo& plugin = *host.plugin("qar");
  ASSERT_THAT(plugin.ranges, SizeIs(1));
  EXPECT_EQ(plugin.ranges[0].first, 900U);
  EXPECT_EQ(plugin.ranges[0].last, 999U);
  ASSERT_THAT(versions(), SizeIs(15));
  EXPECT_EQ(versions().front(), 900U);
  EXPECT_EQ(versions().back(), 914U);
}

TEST_F(QarMigrations, EveryDownRestoresWhatWasBeforeItsUp) {
  up_to_shared();
  for (const std::uint32_t version : versions()) {
    SCOPED_TRACE(fmt::format("version {}", version));
    const std::string before = catalog(url);
    const auto rows_before = all_rows(url);
    migrator.to(version);
    const std::string after = catalog(url);
    EXPECT_NE(after, before);
    run_sql(url, population(version));

    const auto steps = migrator.down();
    ASSERT_THAT(steps, SizeIs(1));
    EXPECT_EQ(steps[0].version, version);
    EXPECT_EQ(catalog(url), before);
    EXPECT_EQ(all_rows(url), rows_before);

    ASSERT_THAT(migrator.to(version), SizeIs(1));
    EXPECT_EQ(catalog(url), after);
    run_sql(url, population(version));
  }
  EXPECT_EQ(column(url, "select count(*) from pg_tables where schemaname = 'qar'"), "32");
}

TEST_F(QarMigrations, AllTheWayDownAndUpOnAFullDatabase) {
  up_to_shared();
  const std::string shared_only = catalog(url);
  const auto rows = all_rows(url);
  for (const std::uint32_t version : versions()) {
    migrator.to(version);
    run_sql(url, population(version));
  }
  const std::string full = catalog(url);
  EXPECT_EQ(
      column(url,
             "select count(*) from pg_tables where schemaname = 'qar' and (xpath('//n/text()', "
             "query_to_xml('select count(*) as n from qar.' || tablename, true, true, "
             "'')))[1]::text = '0'"),
      "0")
      << "a table without rows shows little";

  MigratorOptions qar_only;
  qar_only.plugin = "qar";
  for (std::size_t i = 0; i < 15; ++i)
    ASSERT_THAT(migrator.down(qar_only), SizeIs(1));
  EXPECT_THAT(migrator.down(qar_only), IsEmpty());
  EXPECT_EQ(catalog(url), shared_only);
  EXPECT_EQ(all_rows(url), rows);

  EXPECT_EQ(migrator.up().back().version, 914U);
  EXPECT_EQ(catalog(url), full);
  migrator.to(0);
  EXPECT_EQ(column(url, "select count(*) from pg_namespace where nspname in ('qar', 'shared')"),
            "0");
}

// The first version of shared makes the schema and drops it: not while there is something in it.
TEST_F(QarMigrations, SharedDoesNotGoDownBeforeThem) {
  up_to_shared();
  migrator.up();
  MigratorOptions shared_only;
  shared_only.plugin = "shared";
  EXPECT_THROW(migrator.down(shared_only), MigrationError);
  EXPECT_EQ(column(url, "select count(*) from pg_tables where schemaname = 'qar'"), "32");
}

TEST_F(QarMigrations, NothingOutsideRefersToTheSchema) {
  migrator.up();
  EXPECT_EQ(column(url,
                   "select string_agg(distinct confrelid::regclass::text, ' ' order by "
                   "confrelid::regclass::text) from pg_constraint c join pg_class t on t.oid = "
                   "conrelid where contype = 'f' and t.relnamespace = 'qar'::regnamespace and "
                   "confrelid not in (select oid from pg_class where relnamespace = "
                   "'qar'::regnamespace)"),
            "shared.sessions shared.users");
  EXPECT_EQ(column(url,
                   "select count(*) from pg_constraint c join pg_class t on t.oid = confrelid join "
                   "pg_class s on s.oid = conrelid where t.relnamespace = 'qar'::regnamespace and "
                   "s.relnamespace <> 'qar'::regnamespace"),
            "0");
}

TEST_F(QarMigrations, EverybodyElseHasNoRights) {
  // As an administrator may have left it.
  up_to_shared();
  run_sql(url, "grant all on schema qar to public");
  migrator.up();
  EXPECT_EQ(
      column(url,
             "select count(*) from pg_namespace, aclexplode(nspacl) where nspname = 'qar' and "
             "grantee = 0"),
      "0");
  EXPECT_EQ(column(url,
                   "select count(*) from pg_class, aclexplode(relacl) where relnamespace = "
                   "'qar'::regnamespace and grantee = 0"),
            "0");
  EXPECT_EQ(column(url,
                   "select count(*) from pg_proc, aclexplode(proacl) where pronamespace = "
                   "'qar'::regnamespace and grantee = 0"),
            "0");
}

// A table that keeps updated_at does so by a trigger of the schema's own.
TEST_F(QarMigrations, EveryUpdatedAtHasItsTrigger) {
  migrator.up();
  EXPECT_EQ(column(url,
                   "select string_agg(table_name, ' ') from information_schema.columns where "
                   "table_schema = 'qar' and column_name = 'updated_at' and not exists (select 1 "
                   "from pg_trigger where tgname = table_name || '_updated_at' and tgrelid = "
                   "('qar.' || table_name)::regclass and tgfoid = "
                   "'qar.set_updated_at'::regproc)"),
            "(null)");
}

}  // namespace
}  // namespace qm::test
