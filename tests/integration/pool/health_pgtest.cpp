// Whether a pool can serve: busy, without a server, and closed are told apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/embedded.hpp>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(HealthOfAPool, IsOkSaturatedOrClosed) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  EXPECT_EQ(health(pool).state, HealthState::ok);
  {
    const auto held = pool.acquire();
    const HealthReport report = health(pool);
    EXPECT_EQ(report.state, HealthState::saturated);
    EXPECT_THAT(report.reason, HasSubstr("1 of 1 in use"));
  }
  pool.close();
  EXPECT_EQ(health(pool).state, HealthState::closed);
}

TEST(HealthOfAPool, IsDownWithoutAServer) {
  auto server = std::make_optional(embedded::Server::start());
  DatabaseConfig config = settings(server->url(), 2);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  server.reset();
  const HealthReport report = health(pool);
  EXPECT_EQ(report.state, HealthState::down);
  EXPECT_THAT(report.reason, HasSubstr("connection to"));
}

TEST(HealthOfAPool, ComesBackWithTheServer) {
  const TestDatabase database;
  const std::string role = "health_" + database.name();
  run_sql(database.url(), "create role \"" + role + "\" login");
  {
    Pool pool(pool_config(settings(database.url() + " user=" + role, 1)));
    pool.reset();
    run_sql(database.url(), "alter role \"" + role + "\" nologin");
    const HealthReport report = health(pool);
    EXPECT_EQ(report.state, HealthState::down);
    EXPECT_THAT(report.reason, HasSubstr("is not permitted to log in"));
    run_sql(database.url(), "alter role \"" + role + "\" login");
    EXPECT_EQ(health(pool).state, HealthState::ok);
    EXPECT_EQ(health(pool).reason, "");
    EXPECT_GT(health(pool).latency, 0ns);
  }
  run_sql(database.url(), "drop role \"" + role + "\"");
}

TEST(HealthOfAPool, HasAWordForEach) {
  EXPECT_STREQ(to_string(HealthState::ok), "ok");
  EXPECT_STREQ(to_string(HealthState::saturated), "saturated");
  EXPECT_STREQ(to_string(HealthState::down), "down");
  EXPECT_STREQ(to_string(HealthState::closed), "closed");
}

}  // namespace
}  // namespace qm::test
