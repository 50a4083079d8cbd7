// Metrics of real pools: that what is served follows what was done.
#include <quartermaster/metrics.hpp>

#include <gmock/gmock.h>

#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>

#include "test_database.hpp"

namespace qm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

PoolConfig config_for(const TestDatabase& database, const std::string& name) {
  DatabaseConfig config;
  config.url = database.url();
  config.max_conns = 3;
  PoolConfig pool = pool_config(config);
  pool.name = name;
  return pool;
}

TEST(PoolMetricsOnServer, FollowThePool) {
  const TestDatabase database;
  Metrics metrics;
  Pool pool(config_for(database, "main"), metrics.observer());
  metrics.add_pool(pool);
  metrics.add_pool(pool);
  {
    const PooledConnection held = pool.acquire();
    EXPECT_THAT(metrics.text(), HasSubstr("db_pool_acquired_conns{pool=\"main\"} 1\n"));
  }
  EXPECT_THROW(pool.execute("SELECT 1/0", {}, {}, "division"), ServerError);
  pool.execute("SELECT generate_series(1, 5)", {}, {}, "series");

  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("db_pool_acquire_total{pool=\"main\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_acquire_duration_seconds_count{pool=\"main\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_acquired_conns{pool=\"main\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_max_conns{pool=\"main\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("db_query_errors_total{query=\"division\",class=\"22\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("db_query_rows_total{query=\"series\"} 5\n"));
  EXPECT_EQ(text, metrics.text());  // reading changes nothing

  metrics.remove_pool(pool);
  EXPECT_THAT(metrics.text(), Not(HasSubstr("db_pool_")));
}

TEST(PoolMetricsOnServer, NamesMustDiffer) {
  const TestDatabase database;
  Metrics metrics;
  const Pool one(config_for(database, "same"));
  const Pool two(config_for(database, "same"));
  metrics.add_pool(one);
  EXPECT_THROW(metrics.add_pool(two), ConfigError);
  metrics.remove_pool(one);
  metrics.add_pool(two);
}

}  // namespace
}  // namespace qm::test
