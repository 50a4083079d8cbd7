// Giving a connection back, in whatever state.
#include <gtest/gtest.h>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

TEST(Return, InATransactionIsRolledBackAndTold) {
  const TestDatabase database;
  const auto notes = std::make_shared<Notes>();
  Pool pool(pool_config(settings(database.url(), 1)), notes);
  pool.execute("create table t (i int)");
  auto held = pool.acquire();
  const int pid = held->backend_pid();
  held->execute("begin");
  held->execute("insert into t values (1)");
  held.release();
  auto again = pool.acquire();
  EXPECT_EQ(again->backend_pid(), pid);
  EXPECT_EQ(again->transaction_status(), Connection::TransactionStatus::idle);
  EXPECT_EQ(column(*again, "select count(*) from t"), "0");
  EXPECT_TRUE(notes->contain("return_pgtest.cpp"));
  EXPECT_TRUE(notes->contain("came back inside a transaction; rolled back"));
}

TEST(Return, InAFailedTransactionIsRolledBack) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  auto held = pool.acquire();
  held->execute("begin");
  EXPECT_THROW(held->execute("select 1/0"), ServerError);
  held.release();
  pool.execute("select 1");
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
}

TEST(Return, BrokenIsReplaced) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  for (int i = 0; i < 3; ++i) {
    auto held = pool.acquire();
    terminate(database.url(), held->backend_pid());
    EXPECT_THROW(held->execute("select 1"), Error);
    EXPECT_TRUE(held->is_broken());
    EXPECT_THROW(held->execute("select 1"), ConnectionLost);
  }
  pool.execute("select 1");
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.broken_destroy_total, 3U);
  EXPECT_EQ(stats.new_conns_total, 4U);
  EXPECT_EQ(stats.total_conns, 1U);
}

// A connection that died while it was idle is found by the check and never seen by a caller.
TEST(Return, DeadIdleOnesAreNotLent) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 2);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  std::vector<int> pids;
  {
    const auto first = pool.acquire();
    const auto second = pool.acquire();
    pids = {first->backend_pid(), second->backend_pid()};
  }
  for (const int pid : pids)
    terminate(database.url(), pid);
  pool.execute("select 1");
  const PoolStats stats = pool.stats();
  EXPECT_EQ(stats.broken_destroy_total, 2U);
  EXPECT_EQ(stats.total_conns, 1U);
}

// Something to read on an idle connection is not its end.
TEST(Return, ListeningOnesStayAlive) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  pool.execute("listen news");
  run_sql(database.url(), "notify news");
  pool.execute("select 1");
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
}

// Within liveness_check_after nobody looks: the caller hears it from the server, once.
TEST(Return, ADeathThatWasNotLookedForIsTheCallersError) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.liveness_check_after = 1h;
  Pool pool(pool_config(config));
  terminate(database.url(), pool.acquire()->backend_pid());
  try {
    pool.execute("select 1");
    ADD_FAILURE() << "answered";
  } catch (const OperatorIntervention& error) {
    EXPECT_EQ(error.sqlstate(), "57P01");
  } catch (const ConnectionLost&) {
    // The server's last words are lost when the write fails first.
  }
  EXPECT_EQ(pool.execute("select 1").rows(), 1);
}

// The statement cache goes on where it was; what belongs to the session stays with it.
TEST(Return, StatementsStayPrepared) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  const auto one = registered("One", "select 1");
  for (int i = 0; i < 3; ++i)
    pool.execute(*one, {});
  EXPECT_EQ(column(*pool.acquire(), "select count(*) from pg_prepared_statements"), "1");
}

}  // namespace
}  // namespace qm::test
