// The pool's settings: every range, and what the messages say.
#include <gtest/gtest.h>

#include <algorithm>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <thread>

namespace qm {
namespace {

using namespace std::chrono_literals;

DatabaseConfig valid() {
  DatabaseConfig config;
  config.url = "postgresql://localhost/films";
  config.max_conns = 10;
  return config;
}

// What is said about a configuration with one change.
template <class Change>
Report report_of(Change change) {
  DatabaseConfig config = valid();
  change(config);
  try {
    pool_config(config);
  } catch (const ConfigError& error) {
    return error.report();
  }
  return {.object = "(accepted)"};
}

const Report accepted{.object = "(accepted)"};

TEST(PoolConfig, KeepsWhatIsInRange) {
  const PoolConfig config = pool_config(valid());
  EXPECT_EQ(config.database.max_conns, 10U);
  EXPECT_EQ(config.database.url, "postgresql://localhost/films");
  EXPECT_EQ(config.name, "main");
  EXPECT_EQ(config.start_timeout, 30s);
}

TEST(PoolConfig, ZeroConnectionsIsTwiceTheCpusAndOne) {
  DatabaseConfig config = valid();
  config.max_conns = 0;
  const unsigned cpus = std::max(1U, std::thread::hardware_concurrency());
  EXPECT_EQ(pool_config(config).database.max_conns, std::min(2 * cpus + 1, 65535U));
}

TEST(PoolConfig, MaxConnsHasALimit) {
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.max_conns = 1; }), accepted);
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.max_conns = 65535; }), accepted);
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.max_conns = 65536; }),
            (Report{.object = "database.max_conns",
                    .expected = "1 to 65535, or 0 for 2 x CPUs + 1",
                    .found = "65536",
                    .hint = "a server rarely allows more than a few hundred"}));
}

TEST(PoolConfig, TheMinimaStayBelowMaxConns) {
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.min_conns = c.min_idle_conns = 10; }), accepted);
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.min_conns = 11; }),
            (Report{.object = "database.min_conns",
                    .expected = "at most max_conns, which is 10",
                    .found = "11",
                    .hint = "raise database.max_conns or lower this"}));
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.min_idle_conns = 4'000'000'000; }),
            (Report{.object = "database.min_idle_conns",
                    .expected = "at most max_conns, which is 10",
                    .found = "4000000000",
                    .hint = "raise database.max_conns or lower this"}));
}

TEST(PoolConfig, TheMinimaAreComparedWithWhatZeroStandsFor) {
  const std::uint32_t most = [] {
    DatabaseConfig config = valid();
    config.max_conns = 0;
    return pool_config(config).database.max_conns;
  }();
  EXPECT_EQ(report_of([&](DatabaseConfig& c) {
              c.max_conns = 0;
              c.min_conns = most;
            }),
            accepted);
  EXPECT_EQ(report_of([&](DatabaseConfig& c) {
              c.max_conns = 0;
              c.min_conns = most + 1;
            }).expected,
            "at most max_conns, which is " + std::to_string(most));
}

struct Period {
  const char* key;
  void (*set)(DatabaseConfig&, int);
  bool may_be_zero;
};

const Period periods[] = {
    {"database.max_conn_lifetime",
     [](DatabaseConfig& c, int v) { c.max_conn_lifetime = std::chrono::milliseconds(v); }, false},
    {"database.max_conn_lifetime_jitter",
     [](DatabaseConfig& c, int v) { c.max_conn_lifetime_jitter = std::chrono::milliseconds(v); },
     true},
    {"database.max_conn_idle_time",
     [](DatabaseConfig& c, int v) { c.max_conn_idle_time = std::chrono::milliseconds(v); }, false},
    {"database.health_check_period",
     [](DatabaseConfig& c, int v) { c.health_check_period = std::chrono::milliseconds(v); }, false},
    {"database.connect_timeout",
     [](DatabaseConfig& c, int v) { c.connect_timeout = std::chrono::milliseconds(v); }, false},
    {"database.acquire_timeout",
     [](DatabaseConfig& c, int v) { c.acquire_timeout = std::chrono::milliseconds(v); }, false},
    {"database.query_timeout",
     [](DatabaseConfig& c, int v) { c.query_timeout = std::chrono::milliseconds(v); }, false},
    {"database.liveness_check_after",
     [](DatabaseConfig& c, int v) { c.liveness_check_after = std::chrono::milliseconds(v); }, true},
    {"database.overtake_bound",
     [](DatabaseConfig& c, int v) { c.overtake_bound = std::chrono::microseconds(v); }, true},
    {"database.leak_report_after",
     [](DatabaseConfig& c, int v) { c.leak_report_after = std::chrono::milliseconds(v); }, true},
};

TEST(PoolConfig, PeriodsArePositiveOrAtLeastNotNegative) {
  for (const Period& period : periods) {
    SCOPED_TRACE(period.key);
    const auto with = [&](int value) {
      return report_of([&](DatabaseConfig& c) { period.set(c, value); });
    };
    EXPECT_EQ(with(1), accepted);
    const Report negative = with(-1);
    EXPECT_EQ(negative.object, period.key);
    EXPECT_EQ(negative.found, "-1");
    const Report zero = with(0);
    if (period.may_be_zero) {
      EXPECT_EQ(zero, accepted);
      EXPECT_EQ(negative.expected, "0 or more");
    } else {
      EXPECT_EQ(zero.object, period.key);
      EXPECT_EQ(zero.expected, "more than 0");
      EXPECT_EQ(zero.found, "0");
      EXPECT_EQ(negative.expected, "more than 0");
    }
  }
}

TEST(PoolConfig, NoQueryTimeoutIsToldHow) {
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.query_timeout = 0ms; }).hint,
            "leave it out for no limit");
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.query_timeout.reset(); }), accepted);
}

TEST(PoolConfig, TheUrlIsReadBeforeAnythingConnects) {
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.url.clear(); }).object, "database.url");
  EXPECT_EQ(report_of([](DatabaseConfig& c) { c.url = "hots=h"; }).hint, "did you mean host");
}

TEST(PoolConfig, TheMessageReadsAsOneSentence) {
  DatabaseConfig config = valid();
  config.min_conns = 11;
  try {
    pool_config(config);
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "database.min_conns: expected at most max_conns, which is 10, found 11 (raise "
                 "database.max_conns or lower this)");
  }
}

}  // namespace
}  // namespace qm
