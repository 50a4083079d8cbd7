// What a database remembers of its migrations and what version, status and plan say of it. Needs a
// server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/migrator.hpp>

#include "database_text.hpp"
#include "refusal.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class Ledger : public ::testing::Test {
 protected:
  std::string ask(const std::string& sql) const { return column(database.url(), sql); }

  const TestDatabase database;
  Migrator migrator{database.url(), base_plugins()};
};

TEST_F(Ledger, LookingCreatesNothing) {
  EXPECT_EQ(migrator.version().version, 0U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(migrator.status().size(), 32U);
  EXPECT_EQ(migrator.plan().size(), 32U);
  EXPECT_EQ(ask("select count(*) from pg_namespace where nspname = 'quartermaster'"), "0");
}

// Nothing to do is done without a ledger, too: down on a database that was never touched.
TEST_F(Ledger, NothingPendingCreatesNothing) {
  EXPECT_TRUE(migrator.down().empty());
  EXPECT_TRUE(migrator.to(0).empty());
  EXPECT_EQ(ask("select count(*) from pg_namespace where nspname = 'quartermaster'"), "0");
}

TEST_F(Ledger, HasARowPerAppliedVersion) {
  migrator.to(3);
  EXPECT_EQ(ask("select string_agg(version || ' ' || plugin || ' ' || slug, ', ' order by ordinal) "
                "from quartermaster.migrations"),
            "1 shared create_schemas, 2 shared create_users_table, 3 shared create_sessions_table");
  EXPECT_EQ(ask("select checksum from quartermaster.migrations where version = 2"),
            base_plugins()[0].migrations[1].checksum);
  EXPECT_EQ(ask("select distinct applied_by from quartermaster.migrations"), "postgres@local");
  EXPECT_EQ(ask("select distinct plugin_version from quartermaster.migrations"), "1.2.3");
  EXPECT_EQ(ask("select bool_and(dirty is null and host <> '' and host_version <> '' and "
                "duration_seconds > 0 and applied_at between now() - interval '1 hour' and now()) "
                "from quartermaster.migrations"),
            "t");
}

TEST_F(Ledger, KeepsEveryEvent) {
  migrator.to(2);
  migrator.down();
  migrator.to(2);
  EXPECT_EQ(
      ask("select string_agg(version || ' ' || direction || ' ' || outcome, ', ' order by id) "
          "from quartermaster.migration_events"),
      "1 up applied, 2 up applied, 2 down rolled back, 2 up applied");
  EXPECT_EQ(ask("select count(*) from quartermaster.migrations"), "2");
}

TEST_F(Ledger, AcceptsAnEditedTextWhenAsked) {
  migrator.to(6);
  auto plugins = base_plugins();
  for (const std::size_t index : {std::size_t{1}, std::size_t{4}}) {
    Migration& edited = plugins[0].migrations[index];
    edited =
        made_up_migration(edited.version, edited.slug, edited.up_sql + "-- why\n", edited.down_sql);
  }
  Migrator edited(database.url(), plugins);
  EXPECT_THAT(refusal<MigrationError>([&] { edited.up(); }), HasSubstr("migrate repair"));
  EXPECT_THAT(refusal<MigrationError>([&] { edited.repair({3}); }),
              HasSubstr("migration 000003: expected an applied version whose text has changed "
                        "since, found one with the same text"));
  EXPECT_THAT(refusal<MigrationError>([&] {
                edited.repair({2, 7});
              }),
              HasSubstr("found one that is not applied"));
  MigratorOptions movies;
  movies.plugin = "movie";
  EXPECT_TRUE(edited.repair({}, movies).empty());
  EXPECT_THAT(refusal<MigrationError>([&] { edited.repair({2}, movies); }),
              HasSubstr("found one of plugin shared"));

  EXPECT_EQ(edited.repair({5}).size(), 1U);
  EXPECT_EQ(edited.status()[1].state, MigrationState::modified);
  EXPECT_EQ(edited.status()[4].state, MigrationState::applied);
  const auto repaired = edited.repair();
  ASSERT_EQ(repaired.size(), 1U);
  EXPECT_EQ(repaired[0].version, 2U);
  EXPECT_TRUE(edited.repair().empty());
  EXPECT_EQ(ask("select string_agg(version || ' ' || reason, ', ' order by id) from "
                "quartermaster.migration_events where outcome = 'repaired'"),
            "5 checksum was " + base_plugins()[0].migrations[4].checksum + ", 2 checksum was " +
                base_plugins()[0].migrations[1].checksum);
  EXPECT_EQ(edited.up().size(), 26U);
}

TEST_F(Ledger, OfLayoutOneIsBroughtToThisOne) {
  migrator.to(2);
  connect(database.url())
      ->execute_script(
          "alter table quartermaster.migration_events drop constraint "
          "migration_events_outcome_check, add constraint migration_events_outcome_check check "
          "(outcome in ('started', 'applied', 'rolled back', 'failed')); "
          "update quartermaster.ledger_layout set layout = 1");
  EXPECT_EQ(migrator.version().version, 2U);
  EXPECT_EQ(ask("select layout from quartermaster.ledger_layout"), "1")
      << "looking changes nothing";
  auto plugins = base_plugins();
  Migration& edited = plugins[0].migrations[1];
  edited =
      made_up_migration(edited.version, edited.slug, edited.up_sql + "-- why\n", edited.down_sql);
  EXPECT_EQ(Migrator(database.url(), plugins).repair().size(), 1U);
  EXPECT_EQ(ask("select layout from quartermaster.ledger_layout"), "2");
}

TEST_F(Ledger, VersionIsTheHighestApplied) {
  MigratorOptions options;
  options.plugin = "shared";
  migrator.up(options);
  EXPECT_EQ(migrator.version().version, 30U);
  options.plugin = "movie";
  migrator.up(options);
  EXPECT_EQ(migrator.version().version, 31U);
  migrator.to(0);
  EXPECT_EQ(migrator.version().version, 0U);
}

TEST_F(Ledger, StatusTellsAppliedFromPending) {
  migrator.to(2);
  const auto status = migrator.status();
  ASSERT_EQ(status.size(), 32U);
  EXPECT_EQ(status[1].version, 2U);
  EXPECT_EQ(status[1].slug, "create_users_table");
  EXPECT_EQ(status[1].plugin, "shared");
  EXPECT_EQ(status[1].state, MigrationState::applied);
  EXPECT_THAT(status[1].applied_at, MatchesRegex("20..-..-..T..:..:..Z"));
  EXPECT_EQ(status[1].applied_by, "postgres@local");
  EXPECT_EQ(status[2].version, 3U);
  EXPECT_EQ(status[2].state, MigrationState::pending);
  EXPECT_EQ(status[2].applied_at, "");
}

// A plan is what a run does, and changes nothing.
TEST_F(Ledger, PlanIsWhatWillRun) {
  const auto compare = [](const std::vector<MigrationStep>& plan,
                          const std::vector<MigrationStep>& done) {
    ASSERT_EQ(plan.size(), done.size());
    for (std::size_t i = 0; i < plan.size(); ++i) {
      EXPECT_EQ(plan[i].version, done[i].version);
      EXPECT_EQ(plan[i].direction, done[i].direction);
      EXPECT_EQ(plan[i].plugin, done[i].plugin);
      EXPECT_EQ(plan[i].sql, done[i].sql);
    }
  };
  const std::string before = catalog(database.url());
  const auto up = migrator.plan();
  EXPECT_EQ(catalog(database.url()), before);
  compare(up, migrator.up());
  const auto down = migrator.plan(20);
  EXPECT_EQ(migrator.version().version, 32U);
  compare(down, migrator.to(20));
  EXPECT_TRUE(migrator.plan(20).empty());
}

TEST_F(Ledger, ProgressNamesStepsAndStatements) {
  std::size_t started = 0;
  std::size_t finished = 0;
  std::size_t statements = 0;
  MigratorOptions options;
  options.progress = [&](const MigrationProgress& progress) {
    ASSERT_NE(progress.step, nullptr);
    EXPECT_EQ(progress.step_count, 2U);
    EXPECT_LE(progress.statement_index, progress.statement_count);
    started += progress.stage == MigrationProgress::Stage::started ? 1U : 0U;
    statements += progress.stage == MigrationProgress::Stage::statement ? 1U : 0U;
    if (progress.stage == MigrationProgress::Stage::finished) {
      ++finished;
      EXPECT_EQ(progress.step->version, finished);
      EXPECT_EQ(progress.statement_index, progress.statement_count);
      EXPECT_GT(progress.duration_seconds, 0);
    }
  };
  migrator.to(2, options);
  EXPECT_EQ(started, 2U);
  EXPECT_EQ(finished, 2U);
  EXPECT_GT(statements, 2U);
}

TEST_F(Ledger, AppliedVersionThatNoPluginKnowsIsLeftAlone) {
  migrator.up();
  Migrator without_tvshow(database.url(), {base_plugins()[0], base_plugins()[1]});
  const auto status = without_tvshow.status();
  ASSERT_EQ(status.size(), 32U);
  EXPECT_EQ(status.back().version, 32U);
  EXPECT_EQ(status.back().plugin, "tvshow");
  EXPECT_EQ(status.back().state, MigrationState::owner_absent);
  EXPECT_EQ(without_tvshow.version().version, 32U);
  EXPECT_TRUE(without_tvshow.up().empty());
  // The last step of those that are there.
  EXPECT_EQ(without_tvshow.down().at(0).version, 31U);
  EXPECT_EQ(ask("select count(*) from quartermaster.migrations where version = 32"), "1");
}

TEST_F(Ledger, OfALaterReleaseIsNotTouched) {
  migrator.to(2);
  run_sql(database.url(), "insert into quartermaster.ledger_layout values (7)");
  const std::string message = refusal<MigrationError>([&] { migrator.up(); });
  EXPECT_THAT(message, HasSubstr("layout 7"));
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.version(); }), HasSubstr("layout 7"));
  EXPECT_EQ(ask("select count(*) from quartermaster.migrations"), "2");
}

}  // namespace
}  // namespace qm::test
