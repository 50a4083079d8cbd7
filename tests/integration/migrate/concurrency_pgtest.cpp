// Several migrators, and an application, on one database at once. Needs a server.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <mutex>
#include <quartermaster/migrator.hpp>
#include <thread>

#include "database_text.hpp"
#include "migrate/lock.hpp"
#include "refusal.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Concurrency, EightStartersApplyEachVersionOnce) {
  constexpr std::size_t starters = 8;
  const TestDatabase database;
  std::latch start(starters);
  std::mutex mutex;
  std::vector<std::uint32_t> applied;
  std::vector<std::string> errors;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < starters; ++i) {
    threads.emplace_back([&] {
      Migrator migrator(database.url(), base_plugins());
      start.arrive_and_wait();
      try {
        const auto steps = migrator.up();
        const std::lock_guard lock(mutex);
        for (const MigrationStep& step : steps)
          applied.push_back(step.version);
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        errors.emplace_back(error.what());
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(errors, std::vector<std::string>{});
  EXPECT_THAT(applied, ::testing::UnorderedElementsAreArray(versions_of(base_plugins())));
  EXPECT_EQ(catalog_facts(database.url()), expected("catalog_032.txt"));
  EXPECT_EQ(column(database.url(),
                   "select count(*) from quartermaster.migration_events where outcome = 'applied'"),
            "32");
}

TEST(Concurrency, LockOfSomebodyElseIsNamedInTime) {
  const TestDatabase database;
  const auto holder = connect(database.url());
  holder->execute_script(fmt::format("select pg_advisory_lock({})", migrate::lock_key));
  Migrator migrator(database.url(), base_plugins());
  bool told = false;
  MigratorOptions options;
  options.wait_timeout = 200ms;
  options.progress = [&](const MigrationProgress& progress) {
    told = told || progress.stage == MigrationProgress::Stage::waiting_for_lock;
  };
  const auto start = Clock::now();
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.up(options); }),
              AllOf(HasSubstr("migration lock"), HasSubstr("within 200 ms"),
                    HasSubstr(fmt::format("held by backend {} of postgres (test)",
                                          holder->backend_pid()))));
  EXPECT_LT(Clock::now() - start, 10s);
  EXPECT_TRUE(told);
  EXPECT_EQ(
      column(database.url(), "select count(*) from pg_namespace where nspname = 'quartermaster'"),
      "0");

  // Released while another one waits: that one goes on.
  options.wait_timeout = 60s;
  options.progress = [&](const MigrationProgress& progress) {
    if (progress.stage == MigrationProgress::Stage::waiting_for_lock) {
      holder->execute_script("select pg_advisory_unlock_all()");
    }
  };
  EXPECT_EQ(migrator.to(1, options).size(), 1U);
}

// The lock is the database's: another database of the same server is free.
TEST(Concurrency, LockIsOfOneDatabase) {
  const TestDatabase database;
  const TestDatabase other;
  const auto holder = connect(other.url());
  holder->execute_script(fmt::format("select pg_advisory_lock({})", migrate::lock_key));
  MigratorOptions options;
  options.wait_timeout = 0ms;
  EXPECT_EQ(Migrator(database.url(), base_plugins()).to(1, options).size(), 1U);
}

TEST(Concurrency, NothingPendingTakesNoLock) {
  const TestDatabase database;
  Migrator migrator(database.url(), base_plugins());
  migrator.up();
  const auto holder = connect(database.url());
  holder->execute_script(fmt::format("select pg_advisory_lock({})", migrate::lock_key));
  MigratorOptions options;
  options.wait_timeout = 0ms;
  EXPECT_TRUE(migrator.up(options).empty());
  EXPECT_EQ(migrator.version().version, 32U);
}

TEST(Concurrency, TableThatIsInUseIsWaitedForInAttempts) {
  const TestDatabase database;
  Migrator migrator(database.url(), base_plugins());
  migrator.to(19);
  const auto application = connect(database.url());
  application->execute_script("begin");
  application->execute_script("lock table shared.sessions in access share mode");
  int retries = 0;
  MigratorOptions options;
  options.lock_timeout = 20ms;
  options.progress = [&](const MigrationProgress& progress) {
    if (progress.stage != MigrationProgress::Stage::retrying) return;
    // In between the table is free for others: a second session can have it for itself.
    if (++retries == 1) {
      const auto other = connect(database.url());
      other->execute_script(
          "begin; set local lock_timeout = '5s'; "
          "lock table shared.sessions in share mode; rollback");
    } else {
      application->execute_script("commit");
    }
  };
  EXPECT_EQ(migrator.to(20, options).size(), 1U);
  EXPECT_GE(retries, 2);
}

TEST(Concurrency, TableThatStaysInUseEndsTheAttempts) {
  const TestDatabase database;
  Migrator migrator(database.url(), base_plugins());
  migrator.to(19);
  const auto application = connect(database.url());
  application->execute_script("begin");
  application->execute_script("lock table shared.sessions in access share mode");
  MigratorOptions options;
  options.lock_timeout = 20ms;
  options.wait_timeout = 200ms;
  EXPECT_THAT(
      refusal<MigrationError>([&] { migrator.up(options); }),
      AllOf(HasSubstr("migration 000020"), HasSubstr("200 ms"), HasSubstr("other sessions")));
  EXPECT_EQ(migrator.version().version, 19U);
}

TEST(Concurrency, CancelKeepsWhatIsFinished) {
  const TestDatabase database;
  Migrator migrator(database.url(), base_plugins());
  bool stop = false;
  MigratorOptions options;
  options.progress = [&](const MigrationProgress& progress) {
    stop = stop ||
           (progress.stage == MigrationProgress::Stage::statement && progress.step->version == 5);
  };
  options.cancelled = [&] { return stop; };
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.up(options); }), HasSubstr("cancelled"));
  EXPECT_EQ(migrator.version().version, 4U);
  const TestDatabase reference;
  Migrator(reference.url(), base_plugins()).to(4);
  EXPECT_EQ(catalog(database.url()), catalog(reference.url()));
  EXPECT_EQ(migrator.up().size(), 28U);
}

}  // namespace
}  // namespace qm::test
