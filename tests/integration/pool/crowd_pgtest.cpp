// Many callers at once, on connections that break, stay in transactions or are replaced: nobody is
// left out, no permit is lost, and the server never sees more connections than were allowed.
#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "crowd.hpp"
#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

TEST(ACrowd, NeverHasMoreBackendsThanMaxConns) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 3)));
  const auto watcher = connect(database.url());
  std::atomic<int> served{0};
  Crowd crowd(8, [&](int /*round*/) {
    pool.acquire()->execute("select 1");
    ++served;
  });
  ASSERT_TRUE(becomes_true([&] { return served > 20; }));
  int most = 0;
  for (int look = 0; look < 50; ++look) {
    const auto backends = watcher->execute(
        "select count(*)::int from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()");
    most = std::max(most, decode_field<int>(backends, 0, 0));
  }
  crowd.end();
  EXPECT_GE(most, 1);
  EXPECT_LE(most, 3);
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.acquire_total, static_cast<std::uint64_t>(served.load()));
  EXPECT_LE(stats.new_conns_total, 3U);
}

// Every way in which a connection comes back, or is not even had, in all orders.
TEST(ACrowd, LosesNoPermit) {
  const TestDatabase database;
  constexpr std::uint32_t size = 3;
  DatabaseConfig config = settings(database.url(), size);
  config.max_conn_lifetime = 100ms;
  config.liveness_check_after = 0ms;
  config.health_check_period = 10ms;
  config.min_idle_conns = 1;
  Pool pool(pool_config(config));
  std::atomic<int> served{0};
  std::array<std::atomic<int>, 7> done{};
  Crowd crowd(6, [&](int round) {
    const auto way = static_cast<std::size_t>(round) % done.size();
    try {
      if (way == 0) {
        pool.acquire(Clock::now()).release();
        ++served;
        return;
      }
      const auto held = pool.acquire();
      ++served;
      ++done[way];
      switch (way) {
        case 1:
          held->execute("begin");
          break;
        case 2:
          held->execute_script("begin; select 1/0");
          break;
        case 3:
          held->execute("select pg_terminate_backend(pg_backend_pid())");
          break;
        case 4:
          held->execute("select pg_sleep(60)", {}, {Clock::now() + 2ms});
          break;
        case 5:
          pool.reset();
          break;
        default:
          held->execute("select 1");
      }
    } catch (const Error&) {
      ++done[0];
    }
  });
  EXPECT_TRUE(becomes_true([&] {
    return std::all_of(done.begin(), done.end(), [](const auto& count) { return count >= 10; });
  }));
  crowd.end();
  EXPECT_EQ(pool.stats().acquire_total, static_cast<std::uint64_t>(served.load()));
  EXPECT_EQ(pool.stats().waiters, 0U);
  {
    std::vector<PooledConnection> all;
    for (std::uint32_t i = 0; i < size; ++i) {
      all.push_back(pool.acquire());
      EXPECT_EQ(column(*all.back(), "select 'clean'"), "clean");
    }
    EXPECT_EQ(pool.stats().acquired_conns, size);
    EXPECT_THROW(pool.acquire(Clock::now()), AcquireTimeout);
  }
  pool.close();
  EXPECT_EQ(pool.stats().total_conns, 0U);
}

// DDL during traffic: who is not in a transaction does not notice, however quickly it changes.
TEST(ACrowd, DoesNotNoticeSchemaChanges) {
  const TestDatabase database;
  const auto admin = connect(database.url());
  admin->execute_script("create table t (a int); insert into t values (1)");
  const auto all = registered("All", "select * from t");
  Pool pool(pool_config(settings(database.url(), 3)));
  std::atomic<int> served{0};
  Crowd crowd(4, [&](int /*round*/) {
    try {
      EXPECT_EQ(pool.execute(*all, {}).rows(), 1);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
    ++served;
  });
  for (int change = 0; change < 40; ++change) {
    const int before = served;
    ASSERT_TRUE(becomes_at_once([&] { return served > before + change % 4; }));
    admin->execute_script(change % 2 == 0 ? "alter table t add b text" : "alter table t drop b");
  }
  crowd.end();
  EXPECT_LE(pool.stats().new_conns_total, 3U);
}

}  // namespace
}  // namespace qm::test
