// Connections that end, or fall silent, in the middle of an exchange.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/transaction.hpp>

#include "database_text.hpp"
#include "proxy.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using Fault = Proxy::Fault;

class BrokenNetwork : public testing::Test {
 protected:
  BrokenNetwork() : proxy_(database_.url()) { run_sql(database_.url(), "create table t (i int)"); }
  std::string rows() const { return column(database_.url(), "select count(*) from t"); }
  PoolConfig config() const {
    DatabaseConfig database;
    database.url = proxy_.url();
    database.max_conns = 1;
    return pool_config(database);
  }

  TestDatabase database_;
  Proxy proxy_;
};

// The client sees the same in both cases; only the server knows.
TEST_F(BrokenNetwork, CommitWhoseAnswerIsLostIsUnknown) {
  const auto connection = connect(proxy_.url());
  Transaction transaction(*connection);
  transaction.execute("insert into t values (1)");
  proxy_.arm("commit", Fault::lose_answer);
  EXPECT_THROW(transaction.commit(), CommitUnknown);
  EXPECT_FALSE(transaction.is_open());
  EXPECT_TRUE(connection->is_broken());
  EXPECT_EQ(rows(), "1") << "it was committed";
}

TEST_F(BrokenNetwork, CommitThatIsLostIsUnknown) {
  const auto connection = connect(proxy_.url());
  Transaction transaction(*connection);
  transaction.execute("insert into t values (1)");
  proxy_.arm("commit", Fault::lose_request);
  EXPECT_THROW(transaction.commit(), CommitUnknown);
  EXPECT_EQ(rows(), "0");
}

// Not a QueryTimeout, after which the transaction would be known to be cancelled.
TEST_F(BrokenNetwork, CommitThatIsNotAnsweredInTimeIsUnknown) {
  const auto connection = connect(proxy_.url());
  Transaction transaction(*connection);
  transaction.execute("insert into t values (1)");
  proxy_.arm("commit", Fault::silence);
  EXPECT_THROW(transaction.commit({Clock::now() + 20ms}), CommitUnknown);
  EXPECT_FALSE(transaction.is_open());
  EXPECT_EQ(rows(), "0");
}

// The end of a savepoint decides nothing yet.
TEST_F(BrokenNetwork, SavepointThatIsLostIsNoCommit) {
  const auto connection = connect(proxy_.url());
  Transaction outer(*connection);
  Transaction inner(outer);
  inner.execute("insert into t values (1)");
  proxy_.arm("release savepoint", Fault::lose_answer);
  try {
    inner.commit();
    FAIL() << "got an answer";
  } catch (const CommitUnknown&) {
    FAIL() << "no commit was asked for";
  } catch (const ConnectionLost&) {
  }
  EXPECT_THROW(outer.commit(), ConnectionLost);
  EXPECT_EQ(rows(), "0");
}

TEST_F(BrokenNetwork, StatementWhoseAnswerIsLost) {
  const auto connection = connect(proxy_.url());
  proxy_.arm("insert", Fault::lose_answer);
  try {
    connection->execute("insert into t values (1)");
    FAIL() << "got an answer";
  } catch (const CommitUnknown&) {
    FAIL() << "no commit was asked for";
  } catch (const ConnectionLost&) {
    EXPECT_TRUE(connection->is_broken());
  }
}

TEST_F(BrokenNetwork, AnswerThatStopsHalfWay) {
  const auto connection = connect(proxy_.url());
  proxy_.arm("generate_series", Fault::cut_answer);
  EXPECT_THROW(connection->execute("select generate_series(1, 100)"), ConnectionLost);
  EXPECT_TRUE(connection->is_broken());
}

// Not even of the rows that came whole.
TEST_F(BrokenNetwork, LongAnswerThatStopsHalfWayGivesNothing) {
  Pool pool(config());
  proxy_.arm("generate_series", Fault::cut_answer);
  EXPECT_THROW(pool.execute("select repeat('x', 100) from generate_series(1, 100000)"),
               ConnectionLost);
  EXPECT_EQ(pool.execute("select 1").rows(), 1);
}

TEST_F(BrokenNetwork, PoolGoesOnWithANewConnection) {
  Pool pool(config());
  proxy_.arm("insert", Fault::lose_request);
  EXPECT_THROW(pool.execute("insert into t values (1)"), ConnectionLost);
  pool.execute("insert into t values (2)");
  EXPECT_EQ(rows(), "1");
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.broken_destroy_total, 1U);
  EXPECT_EQ(stats.new_conns_total, 2U);
}

TEST_F(BrokenNetwork, HandshakeThatIsCutIsTheCallersError) {
  Pool pool(config());
  pool.reset();
  proxy_.arm("user", Fault::cut_answer);
  EXPECT_THROW(pool.execute("select 1"), ConnectError);
  EXPECT_EQ(pool.execute("select 1").rows(), 1);
}

// Nothing ends, nothing answers, not even the cancel request: the deadline still holds.
TEST_F(BrokenNetwork, SilenceEndsAtTheDeadline) {
  Pool pool(config());
  proxy_.arm("pg_sleep", Fault::silence);
  const auto began = Clock::now();
  EXPECT_THROW(pool.execute("select pg_sleep(60)", {}, {began + 50ms}), QueryTimeout);
  EXPECT_LT(Clock::now() - began, 30s);
  EXPECT_TRUE(proxy_.has_struck());
  EXPECT_EQ(pool.stats().total_conns, 0U) << "given up";
}

// An idle connection that answers no more is given up within the caller's time.
TEST_F(BrokenNetwork, SilenceInTheCheckEndsAtTheDeadline) {
  PoolConfig silent = config();
  silent.database.liveness_check_after = 0ms;
  silent.database.connect_timeout = 100ms;
  Pool pool(silent);
  proxy_.arm("pg_sleep", Fault::silence);
  EXPECT_THROW(pool.execute("select pg_sleep(60)", {}, {Clock::now() + 50ms}), QueryTimeout);
  EXPECT_THROW(pool.acquire(Clock::now() + 50ms), AcquireTimeout);
  EXPECT_EQ(health(pool).state, HealthState::down);
}

}  // namespace
}  // namespace qm::test
