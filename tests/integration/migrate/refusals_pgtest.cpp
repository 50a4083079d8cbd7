// What the migrator refuses before it changes anything. Needs a server.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/embedded.hpp>
#include <quartermaster/migrator.hpp>

#include "database_text.hpp"
#include "refusal.hpp"
#include "scratch_directory.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Refusals, AppliedFileThatWasEdited) {
  const TestDatabase database;
  Migrator(database.url(), base_plugins()).to(26);
  auto plugins = base_plugins();
  Migration& edited = plugins[1].migrations[0];
  ASSERT_EQ(edited.version, 21U);
  edited = made_up_migration(21, edited.slug, edited.up_sql + "\nselect 1;", edited.down_sql);
  Migrator migrator(database.url(), plugins);

  MigratorOptions options;
  options.plugin = "movie";
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.up(options); }),
              AllOf(HasSubstr("migration 000021 create_movies_table (movie)"),
                    HasSubstr(edited.checksum.substr(0, 12)), HasSubstr("must not be edited")));
  EXPECT_EQ(migrator.status()[20].state, MigrationState::modified);
  // Those that do not depend on it go on.
  options.plugin = "tvshow";
  options.cascade = false;
  Migrator shared_first(database.url(), plugins);
  MigratorOptions shared;
  shared.plugin = "shared";
  EXPECT_EQ(shared_first.up(shared).size(), 4U);
  EXPECT_EQ(shared_first.up(options).size(), 1U);
}

// Also of a plugin that others depend on.
TEST(Refusals, EditedFileOfADependency) {
  const TestDatabase database;
  Migrator(database.url(), base_plugins()).to(20);
  auto plugins = base_plugins();
  Migration& edited = plugins[0].migrations[4];
  edited = made_up_migration(edited.version, edited.slug, edited.up_sql + "\n", edited.down_sql);
  MigratorOptions options;
  options.plugin = "movie";
  EXPECT_THAT(refusal<MigrationError>([&] { Migrator(database.url(), plugins).up(options); }),
              HasSubstr("migration 000005"));
  EXPECT_EQ(Migrator(database.url(), base_plugins()).version().version, 20U);
}

// Line ends are not an edit.
TEST(Refusals, OtherLineEndsAreNoEdit) {
  const TestDatabase database;
  Migrator(database.url(), base_plugins()).to(1);
  auto plugins = base_plugins();
  Migration& first = plugins[0].migrations[0];
  std::string windows;
  for (const char c : first.up_sql)
    windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  ASSERT_NE(windows, first.up_sql);
  first = made_up_migration(1, first.slug, windows, first.down_sql);
  EXPECT_EQ(Migrator(database.url(), plugins).to(2).size(), 1U);
}

TEST(Refusals, TargetThatNobodyHas) {
  const TestDatabase database;
  Migrator migrator(database.url(), base_plugins());
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.to(33); }),
              AllOf(HasSubstr("target version 33"), HasSubstr("up to 32")));
  MigratorOptions options;
  options.plugin = "music";
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.up(options); }),
              AllOf(HasSubstr("plugin music"), HasSubstr("shared, movie, tvshow")));
}

TEST(Refusals, VersionBelowTheHighestOfItsPlugin) {
  const TestDatabase database;
  Migrator(database.url(), {made_up_plugin("made", {made_up_migration(5, "five", "select 5")})})
      .up();
  Migrator late(database.url(),
                {made_up_plugin("made", {made_up_migration(4, "four", "select 4"),
                                         made_up_migration(5, "five", "select 5")})});
  EXPECT_THAT(refusal<MigrationError>([&] { late.up(); }),
              AllOf(HasSubstr("migration 000004"), HasSubstr("--out-of-order")));
  MigratorOptions options;
  options.allow_out_of_order = true;
  EXPECT_EQ(late.up(options).size(), 1U);
}

TEST(Refusals, DownWithDependentsAbove) {
  const TestDatabase database;
  Migrator migrator(database.url(), base_plugins());
  migrator.up();
  MigratorOptions options;
  options.plugin = "shared";
  EXPECT_THAT(
      refusal<MigrationError>([&] { migrator.down(options); }),
      AllOf(HasSubstr("migration 000030"), HasSubstr("still applied"), HasSubstr("--cascade")));
  EXPECT_EQ(migrator.version().version, 32U);
  options.cascade = true;
  EXPECT_EQ(migrator.down(options).size(), 3U);
  EXPECT_EQ(migrator.version().version, 29U);
}

TEST(Refusals, VersionWithoutAWayBack) {
  const TestDatabase database;
  Migrator migrator(database.url(),
                    {made_up_plugin("made", {made_up_migration(5, "five", "select 5")})});
  migrator.up();
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.down(); }), HasSubstr("no way back"));
  EXPECT_EQ(migrator.version().version, 5U);
}

// A role of the server with a name of its own; gone with the test.
class Role {
 public:
  explicit Role(const TestDatabase& database)
      : database_(database), name_(database.name() + "_role") {
    run_sql(database_.url(), fmt::format("create role {} login", name_));
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  ~Role() { run_sql(database_.url(), fmt::format("drop owned by {0}; drop role {0}", name_)); }
  const std::string& name() const { return name_; }
  // Of two settings in a connection string the later one counts.
  std::string url() const { return database_.url() + " user=" + name_; }

 private:
  const TestDatabase& database_;
  std::string name_;
};

TEST(Refusals, RoleThatMayOnlyRead) {
  const TestDatabase database;
  const Role role(database);
  Migrator migrator(role.url(), base_plugins());
  EXPECT_EQ(migrator.version().version, 0U);
  EXPECT_EQ(migrator.plan().size(), 32U);
  EXPECT_THAT(refusal<Error>([&] { migrator.up(); }),
              AllOf(HasSubstr("schema quartermaster"), HasSubstr(role.name()),
                    HasSubstr("permission denied for database " + database.name()),
                    HasSubstr("42501"), HasSubstr("database.migration_url")));
  EXPECT_EQ(
      column(database.url(), "select count(*) from pg_namespace where nspname = 'quartermaster'"),
      "0");
}

// An application's own role: nothing is pending, so nothing is needed beyond reading the ledger.
TEST(Refusals, NoneForAReaderWithNothingPending) {
  const TestDatabase database;
  const Role role(database);
  Migrator(database.url(), base_plugins()).to(31);
  run_sql(database.url(), fmt::format("grant usage on schema quartermaster to {0}; "
                                      "grant select on all tables in schema quartermaster to {0}",
                                      role.name()));
  Migrator reader(role.url(), {base_plugins()[0], base_plugins()[1]});
  EXPECT_TRUE(reader.up().empty());
  EXPECT_EQ(reader.version().version, 31U);
  EXPECT_EQ(reader.status().back().state, MigrationState::applied);

  Migrator all(role.url(), base_plugins());
  EXPECT_THAT(refusal<Error>([&] { all.up(); }), HasSubstr("42501"));
  EXPECT_EQ(all.version().version, 31U);
}

// A session that may not write at all, as on a standby.
TEST(Refusals, DatabaseThatIsReadOnly) {
  const TestDatabase database;
  Migrator migrator(database.url() + " options='-c default_transaction_read_only=on'",
                    base_plugins());
  EXPECT_EQ(migrator.plan().size(), 32U);
  EXPECT_THAT(refusal<Error>([&] { migrator.up(); }),
              AllOf(HasSubstr("25006"), HasSubstr("schema quartermaster")));
}

TEST(Refusals, NoServerThere) {
  const ScratchDirectory empty;
  Migrator migrator("host=" + empty.path().string() + " user=postgres dbname=postgres",
                    base_plugins());
  EXPECT_THAT(refusal<ConnectError>([&] { migrator.up(); }), HasSubstr(empty.path().string()));
  EXPECT_THAT(refusal<ConnectError>([&] { migrator.version(); }),
              HasSubstr("No such file or directory"));
}

TEST(Refusals, NoSuchDatabase) {
  Migrator migrator(database_url("qm_test_no_such_database"), base_plugins());
  EXPECT_THAT(refusal<ConnectError>([&] { migrator.up(); }),
              AllOf(HasSubstr("qm_test_no_such_database"), HasSubstr("does not exist")));
}

TEST(Refusals, NoUrl) {
  EXPECT_THAT(refusal<ConfigError>([] { Migrator("", base_plugins()).up(); }),
              HasSubstr("database.url"));
}

TEST(Refusals, WrongPassword) {
  const ScratchDirectory scratch;
  const auto hba =
      scratch.write("pg_hba.conf", "local all limited scram-sha-256\nlocal all all trust\n");
  const auto server = embedded::Server::start({.settings = {{"hba_file", hba.string()}}});
  run_sql(server.url(), "create role limited login superuser password 'the right one'");
  const std::string url =
      embedded::with_database(server.url(), "postgres") + " user=limited password=";
  const std::string message =
      refusal<ConnectError>([&] { Migrator(url + "a_wrong_one", base_plugins()).up(); });
  EXPECT_THAT(message, AllOf(HasSubstr("password authentication failed"), HasSubstr("limited"),
                             Not(HasSubstr("a_wrong_one"))));
  EXPECT_EQ(Migrator(url + "'the right one'", base_plugins()).to(1).size(), 1U);
}

}  // namespace
}  // namespace qm::test
