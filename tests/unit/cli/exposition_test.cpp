// The reader of Prometheus text and the percentiles made of it. Needs nothing.
#include "cli/exposition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <quartermaster/error.hpp>

#include "cli/pool_table.hpp"

namespace qm::cli {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Exposition, ReadsNamesLabelsAndValues) {
  const auto samples = parse_exposition(
      "# HELP a Text.\n# TYPE a counter\na 3\n\n"
      "b{pool=\"main\",text=\"q\\\"b\\\\n\\n\",} 1.5e3 1700000000\r\n"
      "c{le=\"+Inf\"} +Inf\nd NaN\n");
  ASSERT_EQ(samples.size(), 4U);
  EXPECT_EQ(samples[0].name, "a");
  EXPECT_EQ(samples[0].value, 3);
  EXPECT_EQ(samples[1].labels.at("pool"), "main");
  EXPECT_EQ(samples[1].labels.at("text"), "q\"b\\n\n");
  EXPECT_EQ(samples[1].value, 1500);
  EXPECT_EQ(samples[2].value, infinity);
  EXPECT_TRUE(std::isnan(samples[3].value));
}

TEST(Exposition, NamesTheLineThatIsNone) {
  for (const char* line : {"a", "a x", "{} 1", "a{b} 1", "a{b=c} 1", "a{b=\"c} 1", "<html>"}) {
    try {
      parse_exposition(std::string("ok 1\n") + line + "\n");
      ADD_FAILURE() << line;
    } catch (const ProtocolError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("line 2")) << line;
    }
  }
}

TEST(Quantile, InterpolatesWithinItsBucket) {
  const std::vector<Bucket> buckets{{1, 0}, {2, 10}, {4, 20}, {infinity, 20}};
  EXPECT_DOUBLE_EQ(estimate_quantile(buckets, 0.5), 2.0);
  EXPECT_DOUBLE_EQ(estimate_quantile(buckets, 0.25), 1.5);
  EXPECT_DOUBLE_EQ(estimate_quantile(buckets, 0.75), 3.0);
}

TEST(Quantile, EndsAtTheLastFiniteBound) {
  EXPECT_DOUBLE_EQ(estimate_quantile({{1, 0}, {2, 0}, {infinity, 5}}, 0.5), 2.0);
  EXPECT_DOUBLE_EQ(estimate_quantile({{1, 0}, {infinity, 0}}, 0.5), 0.0);
  EXPECT_DOUBLE_EQ(estimate_quantile({}, 0.5), 0.0);
}

constexpr const char* metrics =
    "db_pool_acquire_total{pool=\"main\"} 4\n"
    "db_query_total{query=\"x\"} 9\n"
    "db_pool_failed_acquire_total{pool=\"main\",reason=\"timeout\"} 1\n"
    "db_pool_acquire_duration_seconds_bucket{pool=\"main\",le=\"0.001\"} 2\n"
    "db_pool_acquire_duration_seconds_bucket{pool=\"main\",le=\"0.01\"} 4\n"
    "db_pool_acquire_duration_seconds_bucket{pool=\"main\",le=\"+Inf\"} 4\n"
    "db_pool_acquire_duration_seconds_sum{pool=\"main\"} 0.008\n"
    "db_pool_acquire_duration_seconds_count{pool=\"main\"} 4\n";

TEST(PoolTable, ShowsWhatIsAboutPools) {
  EXPECT_EQ(render_table(pool_columns(false), pool_rows(metrics, Durations::readable)),
            "metric                                       value  mean    p50     p95\n"
            "───────────────────────────────────────────  ─────  ──────  ──────  ──────\n"
            "db_pool_acquire_total                            4\n"
            "db_pool_failed_acquire_total reason=timeout      1\n"
            "db_pool_acquire_duration_seconds                 4  2.0 ms  1.0 ms  9.1 ms\n");
}

TEST(PoolTable, GivesProgramsSeconds) {
  const Node::Array rows = pool_rows(metrics, Durations::seconds);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].find("mean")->text(), "0.002");
}

}  // namespace
}  // namespace qm::cli
