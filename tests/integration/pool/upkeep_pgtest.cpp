// What the pool does without being asked: opening, closing and replacing connections, and telling
// of those that are held for long.
#include <gtest/gtest.h>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

DatabaseConfig brisk(const TestDatabase& database, std::uint32_t max_conns = 4) {
  DatabaseConfig config = settings(database.url(), max_conns);
  config.health_check_period = 5ms;
  return config;
}

TEST(Upkeep, OpensMinConns) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 4);
  config.min_conns = 3;
  const Pool pool(pool_config(config));
  EXPECT_TRUE(becomes_true([&] { return pool.stats().idle_conns == 3; }));
  EXPECT_EQ(pool.stats().new_conns_total, 3U);
}

TEST(Upkeep, KeepsConnectionsIdle) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 4);
  config.min_idle_conns = 2;
  Pool pool(pool_config(config));
  ASSERT_TRUE(becomes_true([&] { return pool.stats().idle_conns == 2; }));
  // Not only at the next period, which is a minute away.
  const auto held = pool.acquire();
  EXPECT_TRUE(becomes_true([&] { return pool.stats().idle_conns == 2; }));
  EXPECT_EQ(pool.stats().total_conns, 3U);
}

TEST(Upkeep, ClosesWhatIsIdleForLongButNotBelowMinConns) {
  const TestDatabase database;
  DatabaseConfig config = brisk(database);
  config.min_conns = 1;
  config.max_conn_idle_time = 20ms;
  Pool pool(pool_config(config));
  {
    const auto a = pool.acquire();
    const auto b = pool.acquire();
    const auto c = pool.acquire();
  }
  EXPECT_TRUE(becomes_true([&] { return pool.stats().total_conns == 1; }));
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.max_idle_destroy_total, 2U);
  EXPECT_EQ(stats.max_lifetime_destroy_total, 0U);
}

TEST(Upkeep, ReplacesWhatIsTooOld) {
  const TestDatabase database;
  DatabaseConfig config = brisk(database);
  config.min_conns = 1;
  config.max_conn_lifetime = 30ms;
  config.max_conn_lifetime_jitter = 0ms;
  Pool pool(pool_config(config));
  EXPECT_TRUE(becomes_true([&] { return pool.stats().max_lifetime_destroy_total >= 3; }));
  EXPECT_TRUE(becomes_true([&] { return pool.stats().total_conns == 1; }));
  EXPECT_EQ(pool.stats().max_idle_destroy_total, 0U);
}

TEST(Upkeep, TooOldOnReturnIsDestroyed) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 2);
  config.max_conn_lifetime = 1ms;
  config.max_conn_lifetime_jitter = 0ms;
  Pool pool(pool_config(config));
  {
    const auto held = pool.acquire();
    held->execute("select pg_sleep(0.01)");
  }
  EXPECT_EQ(pool.stats().total_conns, 0U);
  EXPECT_GE(pool.stats().max_lifetime_destroy_total, 1U);
}

TEST(Upkeep, FailuresAreToldCountedAndTriedAgain) {
  const TestDatabase database;
  const std::string role = "upkeep_" + database.name();
  run_sql(database.url(), "create role \"" + role + "\" login connection limit 1");
  {
    const auto notes = std::make_shared<Notes>();
    DatabaseConfig config = brisk(database, 2);
    config.url += " user=" + role;
    config.min_conns = 2;
    const Pool pool(pool_config(config), notes);
    EXPECT_TRUE(becomes_true([&] { return pool.stats().upkeep_errors_total > 0; }));
    EXPECT_TRUE(becomes_true([&] { return notes->contain("upkeep: connection to"); }));
    run_sql(database.url(), "alter role \"" + role + "\" connection limit 2");
    EXPECT_TRUE(becomes_true([&] { return pool.stats().total_conns == 2; }));
  }
  run_sql(database.url(), "drop role \"" + role + "\"");
}

TEST(Upkeep, TellsOfConnectionsThatAreHeld) {
  const TestDatabase database;
  const auto notes = std::make_shared<Notes>();
  DatabaseConfig config = settings(database.url(), 2);
  config.leak_report_after = 10ms;
  Pool pool(pool_config(config), notes);
  const auto held = pool.acquire();
  held->execute("select 4711");
  EXPECT_TRUE(becomes_true([&] { return pool.stats().leak_reports_total == 1; }));
  EXPECT_TRUE(becomes_true([&] { return notes->contain("upkeep_pgtest.cpp"); }));
  EXPECT_TRUE(notes->contain("last statement: select 4711"));
}

TEST(Upkeep, TellsOfEachHolderOnce) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.leak_report_after = 5ms;
  Pool pool(pool_config(config));
  {
    const auto held = pool.acquire();
    ASSERT_TRUE(becomes_true([&] { return pool.stats().leak_reports_total == 1; }));
    held->execute("select pg_sleep(0.05)");
    EXPECT_EQ(pool.stats().leak_reports_total, 1U);
  }
  const auto next = pool.acquire();
  EXPECT_TRUE(becomes_true([&] { return pool.stats().leak_reports_total == 2; }));
}

// Not only at the next period, which is a minute away.
TEST(Upkeep, ReplacesWhatWasResetOrBroke) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 4);
  config.min_conns = 2;
  Pool pool(pool_config(config));
  const auto two_idle = [&] { return pool.stats().idle_conns == 2; };
  ASSERT_TRUE(becomes_true(two_idle));
  pool.reset();
  EXPECT_TRUE(becomes_true(two_idle));
  EXPECT_EQ(pool.stats().new_conns_total, 4U);
  EXPECT_THROW(pool.execute("select pg_terminate_backend(pg_backend_pid())"), Error);
  EXPECT_TRUE(becomes_true(two_idle));
  EXPECT_EQ(pool.stats().new_conns_total, 5U);
}

}  // namespace
}  // namespace qm::test
