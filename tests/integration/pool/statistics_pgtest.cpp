// What the pool counts, to the last unit, after things that were done one by one.
#include <gtest/gtest.h>

#include <numeric>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

std::uint64_t observations(const PoolStats& stats) {
  const auto& counts = stats.acquire_duration_seconds.counts;
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST(Statistics, AreExact) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 2)));
  PoolStats stats = pool.stats();
  EXPECT_EQ(stats.acquire_total, 0U) << "the first connection is the pool's own";
  EXPECT_EQ(stats.new_conns_total, 1U);
  EXPECT_EQ(stats.idle_conns, 1U);
  EXPECT_EQ(observations(stats), 0U);

  auto found = pool.acquire();
  auto made = pool.acquire();
  EXPECT_THROW(pool.acquire(Clock::now() + 5ms), AcquireTimeout);
  EXPECT_THROW(pool.acquire(Clock::now() - 1h), AcquireTimeout);
  std::thread waiter([&] { pool.acquire().release(); });
  ASSERT_TRUE(has_waiters(pool, 1));
  stats = pool.stats();
  EXPECT_EQ(stats.acquired_conns, 2U);
  EXPECT_EQ(stats.idle_conns, 0U);
  found.release();
  waiter.join();
  made.release();
  pool.acquire().release();
  pool.reset();
  EXPECT_EQ(pool.stats().total_conns, 0U);
  const auto after_reset = pool.acquire();

  stats = pool.stats();
  EXPECT_EQ(stats.acquire_total, 5U);
  EXPECT_EQ(stats.canceled_acquire_total, 2U);
  EXPECT_EQ(stats.empty_acquire_total, 3U) << "two connects and a wait";
  EXPECT_EQ(stats.new_conns_total, 3U);
  EXPECT_EQ(stats.max_lifetime_destroy_total, 0U);
  EXPECT_EQ(stats.max_idle_destroy_total, 0U);
  EXPECT_EQ(stats.acquired_conns, 1U);
  EXPECT_EQ(stats.constructing_conns, 0U);
  EXPECT_EQ(stats.idle_conns, 0U);
  EXPECT_EQ(stats.total_conns, 1U);
  EXPECT_EQ(stats.max_conns, 2U);
  EXPECT_EQ(observations(stats), 5U);
  EXPECT_EQ(stats.acquire_duration_seconds.counts[0], 2U) << "those that were served at once";
  EXPECT_GT(stats.acquire_duration_seconds.sum_seconds, 0);

  EXPECT_EQ(stats.failed_acquire_timeout_total, 2U);
  EXPECT_EQ(stats.failed_acquire_closed_total, 0U);
  EXPECT_EQ(stats.failed_acquire_connect_total, 0U);
  EXPECT_EQ(stats.broken_destroy_total, 0U);
  EXPECT_EQ(stats.waiters, 0U);
}

// Once on return, once because it was found too old when it was to be lent.
TEST(Statistics, CountEveryExpiry) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.max_conn_lifetime = 1ms;
  config.max_conn_lifetime_jitter = 0ms;
  Pool pool(pool_config(config));
  const auto ready = Clock::now();
  ASSERT_TRUE(becomes_true([&] { return Clock::now() > ready + 20ms; }));
  {
    const auto held = pool.acquire();
    EXPECT_EQ(pool.stats().max_lifetime_destroy_total, 1U);
    held->execute("select pg_sleep(0.02)");
  }
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.max_lifetime_destroy_total, 2U);
  EXPECT_EQ(stats.acquire_total, 1U);
  EXPECT_EQ(stats.empty_acquire_total, 1U);
  EXPECT_EQ(stats.new_conns_total, 2U);
  EXPECT_EQ(stats.total_conns, 0U);
}

TEST(Statistics, TellFailuresApart) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  auto held = pool.acquire();
  EXPECT_THROW(pool.acquire(Clock::now()), AcquireTimeout);
  const int pid = held->backend_pid();
  held.release();
  terminate(database.url(), pid);
  held = pool.acquire();
  held.release();
  pool.close();
  EXPECT_THROW(pool.acquire(), PoolClosed);
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.acquire_total, 2U);
  EXPECT_EQ(stats.empty_acquire_total, 1U) << "the dead one was no idle connection";
  EXPECT_EQ(stats.broken_destroy_total, 1U);
  EXPECT_EQ(stats.canceled_acquire_total, 1U);
  EXPECT_EQ(stats.failed_acquire_timeout_total, 1U);
  EXPECT_EQ(stats.failed_acquire_closed_total, 1U);
  EXPECT_EQ(stats.new_conns_total, 2U);
  EXPECT_EQ(stats.total_conns, 0U);
}

TEST(Statistics, OfWhatConnectionsDid) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  const auto query = registered("Twice", "select repeat($1::text, 2)");
  const std::string text(1000, 'x');
  for (int i = 0; i < 3; ++i) {
    ParamBuffer<1> params;
    encode_as(params, oids::text, text);
    pool.execute(*query, params.view());
  }
  PoolStats stats = pool.stats();
  EXPECT_EQ(stats.statement_misses_total, 1U);
  EXPECT_EQ(stats.statement_hits_total, 2U);
  EXPECT_EQ(stats.sent_bytes_total, 3000U);
  EXPECT_GE(stats.received_bytes_total, 6000U);
  EXPECT_LE(stats.received_bytes_total, 100'000U);
  EXPECT_GT(stats.connect_duration_seconds.sum_seconds, 0);
  {
    const auto held = pool.acquire();
    held->execute("select pg_sleep(0.05)");
  }
  EXPECT_GE(pool.stats().use_duration_seconds.sum_seconds, 0.04);

  const std::uint64_t before = pool.stats().sent_bytes_total;
  pool.acquire()->execute("create table t (a text)");
  int left = 5;
  pool.acquire()->copy_in("copy t from stdin",
                          [&]() -> std::string_view { return left-- > 0 ? "y\n" : ""; });
  EXPECT_EQ(pool.stats().sent_bytes_total - before, 10U);
}

TEST(Statistics, OfChecks) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  pool.acquire().release();
  EXPECT_GT(pool.stats().check_duration_seconds.sum_seconds, 0);
}

}  // namespace
}  // namespace qm::test
