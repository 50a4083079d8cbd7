// Ending a pool, or all of its connections, with some of them lent.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

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

TEST(Close, WaitsForWhatIsLent) {
  const TestDatabase database;
  const auto notes = std::make_shared<Notes>();
  Pool pool(pool_config(settings(database.url(), 2)), notes);
  run_sql(database.url(), "create table t (i int)");
  std::atomic<bool> busy{false};
  std::thread holder([&] {
    const auto held = pool.acquire();
    busy = true;
    held->execute("select pg_sleep(0.1)");
    held->execute("insert into t values (1)");
  });
  ASSERT_TRUE(becomes_true([&] { return busy.load(); }));
  pool.close(1min);
  EXPECT_EQ(column(database.url(), "select count(*) from t"), "1");
  EXPECT_EQ(pool.stats().total_conns, 0U);
  holder.join();
}

TEST(Close, ByManyAtOnceIsOne) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 2)));
  auto held = pool.acquire();
  std::atomic<int> ended{0};
  std::vector<std::thread> closers;
  for (int i = 0; i < 4; ++i) {
    closers.emplace_back([&] {
      pool.close(1min);
      ++ended;
    });
  }
  ASSERT_TRUE(becomes_true([&] { return health(pool).state == HealthState::closed; }));
  EXPECT_EQ(ended, 0) << "one is lent";
  held.release();
  for (auto& closer : closers)
    closer.join();
  EXPECT_EQ(pool.stats().total_conns, 0U);
}

// The last connection comes back while close() is still destroying the idle ones: whoever is last
// ends the pool, and with it the observer.
TEST(Close, LeavesNothingBehind) {
  const TestDatabase database;
  for (int round = 0; round < 20; ++round) {
    auto notes = std::make_shared<Notes>();
    const std::weak_ptr<Notes> watched = notes;
    auto pool = std::make_unique<Pool>(pool_config(settings(database.url(), 6)), std::move(notes));
    auto held = pool->acquire();
    {
      std::vector<PooledConnection> idle;
      for (int i = 0; i < 5; ++i)
        idle.push_back(pool->acquire());
    }
    std::thread holder([&] {
      EXPECT_TRUE(becomes_at_once([&] { return pool->stats().idle_conns == 0; }));
      held.release();
    });
    pool->close(1min);
    holder.join();
    pool.reset();
    ASSERT_TRUE(watched.expired()) << "round " << round;
  }
}

// What comes back broken is destroyed outside the lock; the pool may end meanwhile.
TEST(Close, MayMeetAReturnHalfWay) {
  const TestDatabase database;
  for (int round = 0; round < 50; ++round) {
    auto pool = std::make_unique<Pool>(pool_config(settings(database.url(), 1)));
    auto held = pool->acquire();
    pool->reset();
    std::thread holder([&] { held.release(); });
    EXPECT_TRUE(becomes_at_once([&] { return pool->stats().total_conns == 0; }));
    pool.reset();
    holder.join();
  }
}

}  // namespace
}  // namespace qm::test
