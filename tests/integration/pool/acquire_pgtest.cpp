// Getting a connection: which one, in which order, by when, and how that is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <quartermaster/embedded.hpp>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Acquire, LendsTheConnectionUsedLast) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url())));
  auto first = pool.acquire();
  auto second = pool.acquire();
  const int pid = first->backend_pid();
  ASSERT_NE(pid, second->backend_pid());
  second.release();
  first.release();
  EXPECT_EQ(pool.acquire()->backend_pid(), pid);
}

TEST(Acquire, ReleaseTwiceIsOnce) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url())));
  auto held = pool.acquire();
  PooledConnection moved = std::move(held);
  moved.release();
  moved.release();
  EXPECT_FALSE(moved);
  EXPECT_EQ(pool.stats().idle_conns, 1U);
  EXPECT_EQ(pool.stats().acquired_conns, 0U);
}

TEST(Acquire, EndsAtItsDeadline) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  const auto held = pool.acquire();
  const auto began = Clock::now();
  try {
    pool.acquire(began + 50ms);
    FAIL() << "got a second one";
  } catch (const AcquireTimeout& error) {
    EXPECT_GE(Clock::now() - began, 50ms);
    EXPECT_THAT(error.what(), HasSubstr("pool main: no connection within"));
    EXPECT_THAT(error.what(), HasSubstr("1 of 1 in use, 0 connecting, 0 more callers waiting"));
    EXPECT_THAT(error.report().hint, HasSubstr("database.max_conns"));
  }
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.canceled_acquire_total, 1U);
  EXPECT_EQ(stats.failed_acquire_timeout_total, 1U);
  EXPECT_EQ(stats.acquire_total, 1U);
  EXPECT_EQ(stats.waiters, 0U);
}

TEST(Acquire, TakesTheConfiguredTimeWithoutADeadline) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.acquire_timeout = 20ms;
  Pool pool(pool_config(config));
  const auto held = pool.acquire();
  EXPECT_THROW(pool.acquire(), AcquireTimeout);
  EXPECT_THROW(pool.execute("select 1"), AcquireTimeout);
}

TEST(Acquire, ServesInOrderOfArrival) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.overtake_bound = 0us;
  Pool pool(pool_config(config));
  auto held = pool.acquire();
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const auto mine = pool.acquire();
      const std::lock_guard lock(mutex);
      order.push_back(i);
    });
    ASSERT_TRUE(has_waiters(pool, static_cast<std::uint32_t>(i) + 1));
  }
  held.release();
  for (auto& thread : threads)
    thread.join();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.acquire_total, 5U);
  EXPECT_EQ(stats.empty_acquire_total, 4U);
  EXPECT_EQ(stats.new_conns_total, 1U);
}

// The connect is the pool's: who gave up does not take it along.
TEST(Acquire, GivenUpLeavesTheConnectionToTheNext) {
  const auto server = embedded::Server::start();
  Pool pool(pool_config(settings(server.url(), 2)));
  const auto held = pool.acquire();
  const auto gate = connect(server.url());
  gate->execute("begin");
  gate->execute("lock table pg_authid");  // nobody's role can be looked up
  EXPECT_THROW(pool.acquire(Clock::now() + 20ms), AcquireTimeout);
  EXPECT_EQ(pool.stats().constructing_conns, 1U);
  gate->execute("rollback");
  ASSERT_TRUE(becomes_true([&] { return pool.stats().idle_conns == 1; }));
  const auto second = pool.acquire(Clock::now());
  EXPECT_TRUE(second);
  EXPECT_EQ(pool.stats().new_conns_total, 2U);
}

TEST(Acquire, ManyThreadsShareFewConnections) {
  const TestDatabase database;
  for (const auto bound : {0us, 1000us}) {
    DatabaseConfig config = settings(database.url(), 3);
    config.overtake_bound = bound;
    Pool pool(pool_config(config));
    constexpr int threads = 12;
    constexpr int rounds = 200;
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (int round = 0; round < rounds; ++round) {
          const auto mine = pool.acquire();
          const int now = ++inside;
          int seen = most.load();
          while (now > seen && !most.compare_exchange_weak(seen, now)) {
          }
          if (round % 20 == 0) mine->execute("select 1");
          --inside;
        }
      });
    }
    for (auto& thread : all)
      thread.join();
    const PoolStats stats = pool.stats();
    EXPECT_LE(most.load(), 3);
    EXPECT_EQ(stats.acquire_total, static_cast<std::uint64_t>(threads * rounds));
    EXPECT_EQ(stats.canceled_acquire_total, 0U);
    EXPECT_LE(stats.new_conns_total, 3U);
    // A connect that nobody needed any more may still be on its way.
    EXPECT_TRUE(becomes_true([&] {
      const PoolStats later = pool.stats();
      return later.idle_conns == later.total_conns;
    }));
    EXPECT_EQ(stats.waiters, 0U);
    std::uint64_t observations = 0;
    for (const auto count : stats.acquire_duration_seconds.counts)
      observations += count;
    EXPECT_EQ(observations, stats.acquire_total);
    pool.close();
  }
}

TEST(Acquire, ServerThatRefusesIsTheCallersError) {
  const TestDatabase database;
  const std::string role = "narrow_" + database.name();
  run_sql(database.url(), "create role \"" + role + "\" login connection limit 1");
  {
    Pool pool(pool_config(settings(database.url() + " user=" + role)));
    const auto held = pool.acquire();
    try {
      pool.acquire();
      ADD_FAILURE() << "the role has one connection only";
    } catch (const ConnectError& error) {
      EXPECT_EQ(error.sqlstate(), "53300");
      EXPECT_THAT(error.what(), HasSubstr("too many connections for role"));
    }
    const PoolStats stats = pool.stats();
    EXPECT_EQ(stats.failed_acquire_connect_total, 1U);
    EXPECT_EQ(stats.canceled_acquire_total, 0U);
    EXPECT_EQ(stats.new_conns_total, 2U);
  }
  run_sql(database.url(), "drop role \"" + role + "\"");
}

}  // namespace
}  // namespace qm::test
