// Giving a connection back, in whatever state, and what close() and reset() make of it.
#include <gtest/gtest.h>

#include <optional>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

TEST(Return, InATransactionIsRolledBackAndTold) {
  const TestDatabase database;
  const auto notes = std::make_shared<Notes>();
  Pool pool(pool_config(settings(database.url(), 1)), notes);
  pool.execute("create table t (i int)");
  auto held = pool.acquire();
  const int pid = held->backend_pid();
  held->execute("begin");
  held->execute("insert into t values (1)");
  held.release();
  auto again = pool.acquire();
  EXPECT_EQ(again->backend_pid(), pid);
  EXPECT_EQ(again->transaction_status(), Connection::TransactionStatus::idle);
  EXPECT_EQ(column(*again, "select count(*) from t"), "0");
  EXPECT_TRUE(notes->contain("return_pgtest.cpp"));
  EXPECT_TRUE(notes->contain("came back inside a transaction; rolled back"));
}

TEST(Return, InAFailedTransactionIsRolledBack) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  auto held = pool.acquire();
  held->execute("begin");
  EXPECT_THROW(held->execute("select 1/0"), ServerError);
  held.release();
  pool.execute("select 1");
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
}

TEST(Return, BrokenIsReplaced) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  for (int i = 0; i < 3; ++i) {
    auto held = pool.acquire();
    terminate(database.url(), held->backend_pid());
    EXPECT_THROW(held->execute("select 1"), Error);
    EXPECT_TRUE(held->is_broken());
    EXPECT_THROW(held->execute("select 1"), ConnectionLost);
  }
  pool.execute("select 1");
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.broken_destroy_total, 3U);
  EXPECT_EQ(stats.new_conns_total, 4U);
  EXPECT_EQ(stats.total_conns, 1U);
}

// A connection that died while it was idle is found by the check and never seen by a caller.
TEST(Return, DeadIdleOnesAreNotLent) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 2);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  std::vector<int> pids;
  {
    const auto first = pool.acquire();
    const auto second = pool.acquire();
    pids = {first->backend_pid(), second->backend_pid()};
  }
  for (const int pid : pids)
    terminate(database.url(), pid);
  pool.execute("select 1");
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.broken_destroy_total, 2U);
  EXPECT_EQ(stats.total_conns, 1U);
}

TEST(Reset, DestroysIdleOnesNowAndLentOnesOnReturn) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 2)));
  auto lent = pool.acquire();
  pool.acquire().release();
  ASSERT_EQ(pool.stats().total_conns, 2U);
  pool.reset();
  EXPECT_EQ(pool.stats().total_conns, 1U);
  lent->execute("select 1");
  lent.release();
  EXPECT_EQ(pool.stats().total_conns, 0U);
  pool.execute("select 1");
  EXPECT_EQ(pool.stats().new_conns_total, 3U);
}

TEST(Close, RefusesAndWakesAtOnce) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  auto held = std::optional(pool.acquire());
  std::thread waiter([&] { EXPECT_THROW(pool.acquire(), PoolClosed); });
  ASSERT_TRUE(has_waiters(pool, 1));
  std::thread closer([&] { pool.close(1min); });
  waiter.join();
  EXPECT_THROW(pool.acquire(), PoolClosed);
  EXPECT_THROW(pool.execute("select 1"), PoolClosed);
  held->operator*().execute("select 1");
  held.reset();  // lets close() end long before its minute
  closer.join();
  pool.close();
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.failed_acquire_closed_total, 3U);
  EXPECT_EQ(stats.canceled_acquire_total, 0U);
  EXPECT_EQ(stats.total_conns, 0U);
}

TEST(Close, CancelsWhatRunsAfterTheBound) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  std::thread busy([&] {
    const auto held = pool.acquire();
    try {
      held->execute("select pg_sleep(60)");
      ADD_FAILURE() << "slept";
    } catch (const OperatorIntervention& error) {
      EXPECT_EQ(error.sqlstate(), "57014");
    }
  });
  const auto admin = connect(database.url());
  ASSERT_TRUE(becomes(*admin,
                      "select count(*) from pg_stat_activity where datname = current_database() "
                      "and state = 'active' and query like '%pg_sleep(60)' and pid <> "
                      "pg_backend_pid()",
                      "1"));
  pool.close(0ms);
  busy.join();
  EXPECT_EQ(pool.stats().total_conns, 0U);
}

TEST(Close, LentConnectionsMayOutliveThePool) {
  const TestDatabase database;
  auto pool = std::make_unique<Pool>(pool_config(settings(database.url(), 2)));
  auto held = pool->acquire();
  const int pid = held->backend_pid();
  pool->close(0ms);
  pool.reset();
  held->execute("select 1");
  held.release();
  const auto admin = connect(database.url());
  EXPECT_TRUE(becomes(
      *admin, "select count(*) from pg_stat_activity where pid = " + std::to_string(pid), "0"));
}

}  // namespace
}  // namespace qm::test
