// The metrics' exposition: pools from readings, queries from events.
#include <quartermaster/metrics.hpp>

#include <gmock/gmock.h>
#include <prometheus/text_serializer.h>

#include <quartermaster/error.hpp>
#include <sstream>
#include <thread>

#include "observe/pool_families.hpp"
#include "observe/query_families.hpp"
#include "statement_events.hpp"

namespace qm::observe::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

std::string serialized(const std::vector<prometheus::MetricFamily>& families) {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

int occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(PoolMetrics, EveryMetricOfAPool) {
  PoolStats stats;
  stats.acquire_total = 1;
  stats.canceled_acquire_total = 2;
  stats.empty_acquire_total = 3;
  stats.new_conns_total = 4;
  stats.max_lifetime_destroy_total = 5;
  stats.max_idle_destroy_total = 6;
  stats.acquired_conns = 7;
  stats.constructing_conns = 8;
  stats.idle_conns = 9;
  stats.total_conns = 24;
  stats.max_conns = 10;
  stats.failed_acquire_timeout_total = 11;
  stats.failed_acquire_closed_total = 12;
  stats.failed_acquire_connect_total = 13;
  stats.upkeep_errors_total = 14;
  stats.leak_reports_total = 15;
  stats.broken_destroy_total = 16;
  stats.waiters = 17;
  stats.statement_hits_total = 18;
  stats.statement_misses_total = 19;
  stats.sent_bytes_total = 20;
  stats.received_bytes_total = 21;
  stats.acquire_duration_seconds.counts[0] = 1;
  stats.acquire_duration_seconds.counts[22] = 2;
  stats.acquire_duration_seconds.counts[23] = 4;
  stats.acquire_duration_seconds.sum_seconds = 99.5;
  const std::vector<PoolReading> readings{{"main", stats}};

  std::istringstream text(serialized(collect_pools(readings)));
  std::string samples;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with("# HELP")) samples += line + "\n";
  }
  samples.resize(samples.find("# TYPE db_pool_wait_duration"));  // the next histogram
  EXPECT_EQ(samples, R"(# TYPE db_pool_acquire_total counter
db_pool_acquire_total{pool="main"} 1
# TYPE db_pool_canceled_acquire_total counter
db_pool_canceled_acquire_total{pool="main"} 2
# TYPE db_pool_empty_acquire_total counter
db_pool_empty_acquire_total{pool="main"} 3
# TYPE db_pool_new_conns_total counter
db_pool_new_conns_total{pool="main"} 4
# TYPE db_pool_max_lifetime_destroy_total counter
db_pool_max_lifetime_destroy_total{pool="main"} 5
# TYPE db_pool_max_idle_destroy_total counter
db_pool_max_idle_destroy_total{pool="main"} 6
# TYPE db_pool_upkeep_errors_total counter
db_pool_upkeep_errors_total{pool="main"} 14
# TYPE db_pool_leak_reports_total counter
db_pool_leak_reports_total{pool="main"} 15
# TYPE db_pool_broken_destroy_total counter
db_pool_broken_destroy_total{pool="main"} 16
# TYPE db_pool_statement_hits_total counter
db_pool_statement_hits_total{pool="main"} 18
# TYPE db_pool_statement_misses_total counter
db_pool_statement_misses_total{pool="main"} 19
# TYPE db_pool_sent_bytes_total counter
db_pool_sent_bytes_total{pool="main"} 20
# TYPE db_pool_received_bytes_total counter
db_pool_received_bytes_total{pool="main"} 21
# TYPE db_pool_acquired_conns gauge
db_pool_acquired_conns{pool="main"} 7
# TYPE db_pool_constructing_conns gauge
db_pool_constructing_conns{pool="main"} 8
# TYPE db_pool_idle_conns gauge
db_pool_idle_conns{pool="main"} 9
# TYPE db_pool_total_conns gauge
db_pool_total_conns{pool="main"} 24
# TYPE db_pool_max_conns gauge
db_pool_max_conns{pool="main"} 10
# TYPE db_pool_waiters gauge
db_pool_waiters{pool="main"} 17
# TYPE db_pool_failed_acquire_total counter
db_pool_failed_acquire_total{pool="main",reason="timeout"} 11
db_pool_failed_acquire_total{pool="main",reason="closed"} 12
db_pool_failed_acquire_total{pool="main",reason="connect"} 13
# TYPE db_pool_acquire_duration_seconds histogram
db_pool_acquire_duration_seconds_count{pool="main"} 7
db_pool_acquire_duration_seconds_sum{pool="main"} 99.5
db_pool_acquire_duration_seconds_bucket{pool="main",le="1e-06"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="2.5e-06"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="5e-06"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="1e-05"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="2.5e-05"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="5e-05"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.0001"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.00025"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.0005"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.001"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.0025"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.005"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.01"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.025"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.05"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.1"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.25"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="0.5"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="1"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="2.5"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="5"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="10"} 1
db_pool_acquire_duration_seconds_bucket{pool="main",le="30"} 3
db_pool_acquire_duration_seconds_bucket{pool="main",le="+Inf"} 7
)");
}

TEST(PoolMetrics, ADurationEach) {
  PoolStats stats;
  stats.wait_duration_seconds.sum_seconds = 1;
  stats.connect_duration_seconds.sum_seconds = 2;
  stats.check_duration_seconds.sum_seconds = 3;
  stats.use_duration_seconds.sum_seconds = 4;
  const std::vector<PoolReading> readings{{"main", stats}};
  const std::string text = serialized(collect_pools(readings));
  EXPECT_THAT(text, HasSubstr("db_pool_wait_duration_seconds_sum{pool=\"main\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_connect_duration_seconds_sum{pool=\"main\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_check_duration_seconds_sum{pool=\"main\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_use_duration_seconds_sum{pool=\"main\"} 4\n"));
}

TEST(PoolMetrics, TwoPoolsShareAFamily) {
  const std::vector<PoolReading> readings{{"a", {}}, {"b\n\"", {}}};
  const std::string text = serialized(collect_pools(readings));
  EXPECT_EQ(occurrences(text, "# TYPE db_pool_max_conns gauge"), 1);
  EXPECT_THAT(text, HasSubstr("db_pool_max_conns{pool=\"a\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("db_pool_max_conns{pool=\"b\\n\\\"\"} 0\n"));
  EXPECT_EQ(serialized(collect_pools({})), "");
}

TEST(Metrics, StartWithTheBuildAlone) {
  const std::string text = Metrics().text();
  EXPECT_THAT(text, HasSubstr("# TYPE quartermaster_build_info gauge\nquartermaster_build_info{"
                              "version=\""));
  EXPECT_THAT(text, HasSubstr("\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("db_")));
}

TEST(Metrics, ObserversMayOutliveThem) {
  ObserverPtr observer;
  {
    const Metrics metrics;
    observer = metrics.observer();
  }
  observer->on_query(ad_hoc_event("x", 1ms));
}

TEST(QueryMetricsTest, DurationsRowsAndErrors) {
  const Metrics metrics;
  const auto observer = metrics.observer();
  const RegisteredQuery query = registered(5, "movie", "GetMovie");
  observer->on_query(event_of(query, 50us, 3));  // a bound belongs to its bucket
  observer->on_query(event_of(query, 51us, 4));
  observer->on_query(event_of(query, 20s, -1));
  QueryEvent failed = event_of(query, 2ms);
  const ServerError server("q", {.sqlstate = "23505", .message = "m"});
  failed.error = &server;
  failed.sqlstate = "23505";
  observer->on_query(failed);
  failed.sqlstate = "23503";
  observer->on_query(failed);
  failed.sqlstate = "";
  observer->on_query(failed);
  QueryEvent prepare = event_of(query, 1ms);
  prepare.operation = Operation::prepare;
  observer->on_query(prepare);

  const std::string text = metrics.text();
  const std::string series = "{query=\"movie.GetMovie\",plugin=\"movie\",operation=\"execute\"";
  const std::string bucket = "db_query_duration_seconds_bucket" + series;
  for (const char* rest : {"5e-05\"} 1\n", "0.0001\"} 2\n", "0.001\"} 2\n", "0.0025\"} 5\n",
                           "10\"} 5\n", "+Inf\"} 6\n"}) {
    std::string sample = bucket;
    sample += ",le=\"";
    sample += rest;
    EXPECT_THAT(text, HasSubstr(sample));
  }
  EXPECT_THAT(text, HasSubstr("db_query_duration_seconds_count" + series + "} 6\n"));
  EXPECT_THAT(text, HasSubstr("db_query_duration_seconds_sum" + series + "} 20.006101\n"));
  EXPECT_THAT(text, HasSubstr("plugin=\"movie\",operation=\"prepare\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("db_query_rows_total{query=\"movie.GetMovie\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("db_query_errors_total{query=\"movie.GetMovie\",class=\"23\"} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("db_query_errors_total{query=\"movie.GetMovie\",class=\"client\"} 1\n"));
}

TEST(QueryMetricsTest, QueriesThatShareAnIndexStayApart) {
  const Metrics metrics;
  const RegisteredQuery one = registered(1, "p", "One");
  const RegisteredQuery other = registered(1, "p", "Other");
  const RegisteredQuery beyond = registered(10'000'000, "p", "Beyond");
  for (int i = 0; i < 3; ++i) {
    metrics.observer()->on_query(event_of(one, 1ms));
    metrics.observer()->on_query(event_of(other, 1ms));
    metrics.observer()->on_query(event_of(beyond, 1ms));
  }
  for (const char* name : {"p.One", "p.Other", "p.Beyond"}) {
    EXPECT_THAT(metrics.text(), HasSubstr(std::string("_count{query=\"") + name +
                                          "\",plugin=\"p\",operation=\"execute\"} 3\n"));
  }
}

TEST(QueryMetricsTest, LabelsAreBounded) {
  const Metrics metrics;
  const auto observer = metrics.observer();
  for (std::size_t i = 0; i < QueryMetrics::max_queries + 500; ++i) {
    const std::string name = "label " + std::to_string(i);
    observer->on_query(ad_hoc_event(name, 1ms));
  }
  const RegisteredQuery late = registered(2, "p", "Late");
  observer->on_query(event_of(late, 1ms));
  observer->on_query(event_of(late, 1ms));
  observer->on_query(ad_hoc_event("label 0", 1ms));
  const std::string text = metrics.text();
  EXPECT_EQ(occurrences(text, "\ndb_query_rows_total{"),
            static_cast<int>(QueryMetrics::max_queries) + 1);
  EXPECT_THAT(text, HasSubstr("db_query_duration_seconds_count{query=\"other\",plugin=\"\","
                              "operation=\"execute\"} 502\n"));
  EXPECT_THAT(text, HasSubstr("db_query_duration_seconds_count{query=\"label 0\",plugin=\"\","
                              "operation=\"execute\"} 2\n"));
}

TEST(QueryMetricsTest, NamesThatCannotBeLabelsAreOther) {
  const Metrics metrics;
  for (const std::string& name :
       {std::string("bad \xff"), std::string(), std::string("other"), std::string(257, 'x')})
    metrics.observer()->on_query(ad_hoc_event(name, 1ms));
  EXPECT_THAT(metrics.text(), HasSubstr("db_query_duration_seconds_count{query=\"other\","
                                        "plugin=\"\",operation=\"execute\"} 4\n"));
}

TEST(QueryMetricsTest, ErrorClassesAreBoundedAndChecked) {
  const Metrics metrics;
  const ServerError error("q", {.sqlstate = "P0001", .message = "m"});
  QueryEvent event = ad_hoc_event("x", 1ms);
  event.error = &error;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = '0'; second <= '9'; ++second) {
      const std::string state = std::string() + first + second + "000";
      event.sqlstate = state;
      metrics.observer()->on_query(event);
    }
  }
  for (const char* state : {"\"}x00", "23", "ab000"}) {
    event.sqlstate = state;
    metrics.observer()->on_query(event);
  }
  const std::string text = metrics.text();
  EXPECT_EQ(occurrences(text, "\ndb_query_errors_total{"),
            static_cast<int>(QueryMetrics::max_error_classes) + 1);
  EXPECT_THAT(text, HasSubstr("class=\"other\"} 213\n"));
}

TEST(QueryMetricsTest, ConcurrentUpdatesAreAllCounted) {
  const Metrics metrics;
  const auto observer = metrics.observer();
  std::vector<RegisteredQuery> queries;
  for (std::uint32_t i = 0; i < 20; ++i)
    queries.push_back(registered(i * 50, "p", "Q" + std::to_string(i)));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        for (const RegisteredQuery& query : queries)
          observer->on_query(event_of(query, 1ms, 2));
        observer->on_query(ad_hoc_event("hand-made", 1ms));
        if (round % 25 == 0) {
          EXPECT_THAT(metrics.text(), HasSubstr("hand-made"));
        }
      }
    });
  }
  for (auto& each : threads)
    each.join();
  const std::string text = metrics.text();
  EXPECT_EQ(occurrences(text, "operation=\"execute\"} 400\n"), 21);
  EXPECT_EQ(occurrences(text, "\"} 800\n"), 20);
}

}  // namespace
}  // namespace qm::observe::test
