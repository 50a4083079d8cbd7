// Registered queries on a connection: prepared once, kept within bounds, and prepared again when
// the server no longer has them as they were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/oids.hpp>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using testing::HasSubstr;

class Statements : public testing::Test {
 protected:
  std::unique_ptr<Connection> open(std::uint32_t capacity = 512) const {
    return Connection::open({.url = database_.url(), .statement_cache_capacity = capacity},
                            Clock::now() + std::chrono::seconds(10));
  }
  // On the server, as it sees them.
  static std::string prepared(Connection& connection) {
    return column(connection,
                  "select statement from pg_prepared_statements order by prepare_time, name");
  }
  static int run(Executor& on, const RegisteredQuery& query) {
    return decode_field<int>(on.execute(query, {}), 0, 0);
  }

  TestDatabase database_;
  std::unique_ptr<RegisteredQuery> one_ = registered("One", "select 1");
  std::unique_ptr<RegisteredQuery> two_ = registered("Two", "select 2");
  std::unique_ptr<RegisteredQuery> three_ = registered("Three", "select 3");
};

TEST_F(Statements, ArePreparedOnce) {
  const auto connection = open();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run(*connection, *one_), 1);
    EXPECT_EQ(run(*connection, *two_), 2);
  }
  EXPECT_EQ(prepared(*connection), "select 1\nselect 2");
}

TEST_F(Statements, BeyondTheCapacityTheLeastRecentlyUsedIsClosed) {
  const auto connection = open(2);
  run(*connection, *one_);
  run(*connection, *two_);
  run(*connection, *one_);
  run(*connection, *three_);
  // Closed on the way to the next preparation.
  run(*connection, *two_);
  EXPECT_EQ(prepared(*connection), "select 1\nselect 3\nselect 2");
  run(*connection, *one_);
  EXPECT_EQ(prepared(*connection), "select 3\nselect 2\nselect 1");
}

TEST_F(Statements, NoCapacityMeansNoNames) {
  const auto connection = open(0);
  EXPECT_EQ(run(*connection, *one_), 1);
  EXPECT_EQ(prepared(*connection), "");
}

TEST_F(Statements, BehindATransactionPoolerHaveNoNames) {
  DatabaseConfig config = settings(database_.url(), 1);
  config.session_state = DatabaseConfig::SessionState::off;
  Pool pool(pool_config(config));
  const auto connection = pool.acquire();
  EXPECT_EQ(run(*connection, *one_), 1);
  EXPECT_EQ(prepared(*connection), "");
}

TEST_F(Statements, FollowAChangedTable) {
  const auto connection = open();
  const auto all = registered("All", "select * from t");
  connection->execute_script("create table t (a int); insert into t values (7)");
  EXPECT_EQ(connection->execute(*all, {}).columns(), 1);
  run_sql(database_.url(), "alter table t add b text default 'new'");
  EXPECT_EQ(connection->execute(*all, {}).columns(), 2);
  EXPECT_EQ(prepared(*connection), "select * from t") << "the stale one is closed";
}

// The refusal has failed the transaction; nobody can repeat what came before in it.
TEST_F(Statements, FollowAChangedTableOnlyAfterTheTransaction) {
  const auto connection = open();
  const auto all = registered("All", "select * from t");
  connection->execute_script("create table t (a int)");
  connection->execute(*all, {});
  run_sql(database_.url(), "alter table t add b text");
  connection->execute("begin");
  try {
    connection->execute(*all, {});
    FAIL() << "the plan's columns have changed";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "0A000");
  }
  connection->execute("rollback");
  EXPECT_EQ(connection->execute(*all, {}).columns(), 2);
}

TEST_F(Statements, SurviveDeallocateAll) {
  const auto connection = open();
  run(*connection, *one_);
  connection->execute_script("deallocate all");
  EXPECT_EQ(run(*connection, *one_), 1);
  EXPECT_EQ(prepared(*connection), "select 1");
}

TEST_F(Statements, FollowAChangedType) {
  const auto connection = open();
  const auto all = registered("All", "select a from t");
  connection->execute_script("create table t (a int); insert into t values (7)");
  EXPECT_EQ(connection->execute(*all, {}).column_type(0), oids::int4);
  run_sql(database_.url(), "alter table t alter a type text");
  EXPECT_EQ(connection->execute(*all, {}).column_type(0), oids::text);
}

// Named statements are gone, and nobody can repeat what came before in the transaction.
TEST_F(Statements, DeallocatedInATransactionComeBackAfterIt) {
  const auto connection = open();
  run(*connection, *one_);
  connection->execute("begin");
  connection->execute("deallocate all");
  try {
    run(*connection, *one_);
    FAIL() << "the statement is gone";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "26000");
  }
  connection->execute("rollback");
  EXPECT_EQ(run(*connection, *one_), 1);
  EXPECT_EQ(prepared(*connection), "select 1");
}

// Closing is put off: should it fail, the transaction would.
TEST_F(Statements, EvictedInATransactionAreClosedAfterIt) {
  const auto connection = open(1);
  connection->execute("begin");
  run(*connection, *one_);
  run(*connection, *two_);
  run(*connection, *three_);
  EXPECT_EQ(prepared(*connection), "select 1\nselect 2\nselect 3");
  connection->execute("commit");
  run(*connection, *one_);
  EXPECT_EQ(prepared(*connection), "select 3\nselect 1");
}

TEST_F(Statements, OfferedToEveryConnectionOfAPool) {
  Pool pool(pool_config(settings(database_.url(), 2)));
  const auto first = pool.acquire();
  const auto second = pool.acquire();
  run(*first, *one_);
  EXPECT_EQ(prepared(*second), "");
  run(*second, *one_);
  EXPECT_EQ(prepared(*first), "select 1");
  EXPECT_EQ(prepared(*second), "select 1");
}

TEST_F(Statements, ThatCannotBePreparedAreNotKept) {
  const auto connection = open();
  const auto wrong = registered("Wrong", "select nothing");
  for (int i = 0; i < 2; ++i) {
    try {
      connection->execute(*wrong, {});
      FAIL() << "ran";
    } catch (const SyntaxOrAccessError& error) {
      EXPECT_EQ(error.sqlstate(), "42703");
      EXPECT_THAT(error.what(), HasSubstr("test.Wrong"));
      EXPECT_EQ(error.fields().position, 8);
    }
  }
  EXPECT_EQ(prepared(*connection), "");
}

TEST_F(Statements, WithANulAreRefused) {
  const auto connection = open();
  EXPECT_THROW(connection->execute(std::string_view("select 1\0; drop table t", 22)), DecodeError);
}

}  // namespace
}  // namespace qm::test
