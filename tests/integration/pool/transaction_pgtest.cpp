// Transactions and savepoints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/transaction.hpp>

#include "pools.hpp"

namespace qm::test {
namespace {

using testing::HasSubstr;

class Transactions : public testing::Test {
 protected:
  Transactions() : connection_(connect(database_.url())) {
    connection_->execute("create table t (i int primary key)");
  }
  std::string rows() const { return column(database_.url(), "select i from t order by i"); }
  static void insert(Executor& on, int i) {
    on.execute("insert into t values (" + std::to_string(i) + ")");
  }

  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(Transactions, CommitKeepsAndTheDestructorRollsBack) {
  {
    Transaction transaction(*connection_);
    insert(transaction, 1);
    EXPECT_EQ(rows(), "");
    transaction.commit();
    EXPECT_FALSE(transaction.is_open());
    transaction.commit();  // over: nothing to do
  }
  {
    Transaction transaction(*connection_);
    insert(transaction, 2);
  }
  EXPECT_EQ(connection_->transaction_status(), Connection::TransactionStatus::idle);
  EXPECT_EQ(rows(), "1");
}

TEST_F(Transactions, HaveTheirOptions) {
  const auto shown = [&](const TransactionOptions& options) {
    Transaction transaction(*connection_, options);
    std::string all;
    for (const char* name :
         {"transaction_isolation", "transaction_read_only", "transaction_deferrable"}) {
      all += decode_field<std::string>(transaction.execute(std::string("show ") + name), 0, 0);
      all += ' ';
    }
    return all;
  };
  EXPECT_EQ(shown({}), "read committed off off ");
  EXPECT_EQ(shown({.isolation = Isolation::read_committed}), "read committed off off ");
  EXPECT_EQ(shown({.isolation = Isolation::repeatable_read}), "repeatable read off off ");
  EXPECT_EQ(shown({.isolation = Isolation::serializable, .read_only = true, .deferrable = true}),
            "serializable on on ");
}

TEST_F(Transactions, SavepointsNest) {
  Transaction outer(*connection_);
  insert(outer, 1);
  {
    Transaction inner(outer);
    insert(inner, 2);
    {
      Transaction innermost(inner);
      insert(innermost, 3);
      innermost.commit();
    }
    inner.rollback();
  }
  {
    Transaction inner(outer);
    EXPECT_THROW(insert(inner, 1), UniqueViolation);
  }
  {
    Transaction inner(outer);
    insert(inner, 4);
    inner.commit();
  }
  outer.commit();
  EXPECT_EQ(rows(), "1\n4");
}

// The server calls that COMMIT a success.
TEST_F(Transactions, CommitAfterAFailureIsAnError) {
  Transaction transaction(*connection_);
  insert(transaction, 1);
  EXPECT_THROW(insert(transaction, 1), UniqueViolation);
  try {
    transaction.commit();
    FAIL() << "committed";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "25P02");
    EXPECT_THAT(error.what(), HasSubstr("rolled back, because an earlier statement failed"));
  }
  EXPECT_FALSE(transaction.is_open());
  EXPECT_EQ(rows(), "");
}

// The savepoint cannot be released, but what came before it is not lost.
TEST_F(Transactions, SavepointWithAFailureIsRolledBack) {
  Transaction outer(*connection_);
  insert(outer, 1);
  {
    Transaction inner(outer);
    EXPECT_THROW(insert(inner, 1), UniqueViolation);
    EXPECT_THROW(inner.commit(), ServerError);
    EXPECT_TRUE(inner.is_open());
  }
  insert(outer, 2);
  outer.commit();
  EXPECT_EQ(rows(), "1\n2");
}

TEST_F(Transactions, ReadOnlyOnesDoNotWrite) {
  Transaction transaction(*connection_, {.read_only = true});
  try {
    insert(transaction, 1);
    FAIL() << "wrote";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "25006");
  }
}

// Nothing was sent, so that all is still possible.
TEST_F(Transactions, CommitAfterItsDeadlineLeavesThemOpen) {
  Transaction transaction(*connection_);
  insert(transaction, 1);
  EXPECT_THROW(transaction.commit({Clock::now()}), QueryTimeout);
  EXPECT_TRUE(transaction.is_open());
  EXPECT_EQ(rows(), "");
  transaction.commit();
  EXPECT_EQ(rows(), "1");
}

TEST_F(Transactions, RefusedBySerializationAreOver) {
  const auto other = connect(database_.url());
  const TransactionOptions options{.isolation = Isolation::serializable};
  Transaction mine(*connection_, options);
  Transaction others(*other, options);
  for (Transaction* each : {&mine, &others})
    each->execute("select count(*) from t");
  insert(mine, 1);
  insert(others, 2);
  others.commit();
  try {
    mine.commit();
    FAIL() << "each read before the other wrote";
  } catch (const TransactionRollback& error) {
    EXPECT_EQ(error.sqlstate(), "40001");
    EXPECT_TRUE(error.retryable());
  }
  EXPECT_FALSE(mine.is_open());
  EXPECT_EQ(rows(), "2");
}

TEST_F(Transactions, RefusedByADeferredConstraintAreOver) {
  connection_->execute_script(
      "create table u (i int unique deferrable initially deferred); insert into u values (1)");
  Transaction transaction(*connection_);
  transaction.execute("insert into u values (1)");
  EXPECT_THROW(transaction.commit(), UniqueViolation);
  EXPECT_FALSE(transaction.is_open());
  EXPECT_EQ(column(*connection_, "select count(*) from u"), "1");
}

TEST_F(Transactions, DoNotStartInsideOne) {
  const Transaction first(*connection_);
  try {
    const Transaction second(*connection_);
    FAIL() << "began";
  } catch (const Error& error) {
    EXPECT_THAT(error.report().hint, HasSubstr("savepoint"));
  }
}

TEST_F(Transactions, EndWithTheirConnection) {
  Transaction transaction(*connection_);
  insert(transaction, 1);
  terminate(database_.url(), connection_->backend_pid());
  EXPECT_THROW(insert(transaction, 2), Error);
  EXPECT_TRUE(connection_->is_broken());
  EXPECT_THROW(transaction.commit(), ConnectionLost);
  EXPECT_EQ(rows(), "");
}

}  // namespace
}  // namespace qm::test
