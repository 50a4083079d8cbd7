// Statements that take too long: cancelled, the connection kept, the next one untouched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* long_sleep = "select pg_sleep(60)";

TEST(StatementDeadline, CancelsAndKeepsTheConnection) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  int pid = 0;
  {
    const auto held = pool.acquire();
    pid = held->backend_pid();
    const auto began = Clock::now();
    try {
      held->execute(long_sleep, {}, {began + 30ms}, "nap");
      FAIL() << "slept";
    } catch (const QueryTimeout& error) {
      EXPECT_THAT(error.what(), HasSubstr("nap: deadline passed; the statement was cancelled"));
    }
    EXPECT_LT(Clock::now() - began, 30s);
    EXPECT_EQ(column(*held, "select 'next'"), "next");
  }
  const auto again = pool.acquire();
  EXPECT_EQ(again->backend_pid(), pid);
  // The late cancels that a race could leave behind would hit one of these.
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(again->execute("select 1").rows(), 1);
}

TEST(StatementDeadline, IsTheConfiguredOneUnlessTheCallHasOne) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.query_timeout = 30ms;
  Pool pool(pool_config(config));
  EXPECT_THROW(pool.execute(long_sleep), QueryTimeout);
  const auto query = registered("Nap", long_sleep);
  EXPECT_THROW(pool.execute(*query, {}), QueryTimeout);
  EXPECT_EQ(pool.execute("select pg_sleep(0.1)", {}, {Clock::now() + 1min}).rows(), 1);
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
}

TEST(StatementDeadline, InThePastSendsNothing) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  connection->execute("create table t (i int)");
  EXPECT_THROW(connection->execute("insert into t values (1)", {}, {Clock::now()}), QueryTimeout);
  EXPECT_EQ(column(*connection, "select count(*) from t"), "0");
}

TEST(StatementDeadline, FailsTheTransactionItIsIn) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  connection->execute("begin");
  EXPECT_THROW(connection->execute(long_sleep, {}, {Clock::now() + 20ms}), QueryTimeout);
  EXPECT_EQ(connection->transaction_status(), Connection::TransactionStatus::failed);
  connection->execute("rollback");
  EXPECT_EQ(column(*connection, "select 1"), "1");
}

// A statement waits for locks when it is prepared as well.
TEST(StatementDeadline, CoversThePreparation) {
  const TestDatabase database;
  const auto other = connect(database.url());
  other->execute("create table t (i int)");
  other->execute("begin");
  other->execute("lock table t");
  const auto connection = connect(database.url());
  const auto query = registered("All", "select * from t");
  EXPECT_THROW(connection->execute(*query, {}, {Clock::now() + 20ms}), QueryTimeout);
  EXPECT_THROW(connection->describe("select * from t", {}, {Clock::now() + 20ms}), QueryTimeout);
  other->execute("commit");
  EXPECT_EQ(connection->execute(*query, {}).rows(), 0);
  EXPECT_EQ(column(*connection, "select count(*) from pg_prepared_statements"), "1");
}

// There is always something to read, and the deadline is kept all the same. What the server has
// sent by the time the cancel reaches it is thrown away.
TEST(StatementDeadline, EndsALongAnswer) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  connection->execute("set jit = off");  // compiling cannot be interrupted
  const auto end = Clock::now() + 50ms;
  EXPECT_THROW(connection->execute("select generate_series(1, 5000000)", {}, {end}), QueryTimeout);
  EXPECT_FALSE(connection->is_broken());
  EXPECT_EQ(column(*connection, "select 1"), "1");
}

// Deadlines around the statement's own duration: whichever wins, the connection is in step after.
TEST(StatementDeadline, RacesLeaveTheConnectionInStep) {
  const TestDatabase database;
  auto connection = connect(database.url());
  int timeouts = 0;
  int given_up = 0;
  for (int i = 0; i < 60; ++i) {
    const auto limit = Clock::now() + std::chrono::microseconds(100 * (i % 20));
    try {
      connection->execute("select pg_sleep(0.001)", {}, {limit});
    } catch (const QueryTimeout&) {
      ++timeouts;
    }
    if (connection->is_broken()) {
      // A machine so busy that it did not get round to the cancellation within a second.
      ++given_up;
      connection = connect(database.url());
    }
    const std::string number = std::to_string(i);
    ASSERT_EQ(column(*connection, "select " + number), number);
  }
  EXPECT_GT(timeouts, 0);
  EXPECT_LE(given_up, timeouts / 4);
}

TEST(StatementDeadline, CoversTheWaitForTheConnection) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  const auto held = pool.acquire();
  EXPECT_THROW(pool.execute("select 1", {}, {Clock::now() + 20ms}), AcquireTimeout);
}

}  // namespace
}  // namespace qm::test
