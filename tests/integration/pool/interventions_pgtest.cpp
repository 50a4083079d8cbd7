// Errors that come from what others do: deadlocks, administrators, timeouts of the server, full
// servers. And which of all errors are worth another try.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/transaction.hpp>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// An error that the server raises with this SQLSTATE.
void raise(Connection& connection, const std::string& sqlstate) {
  connection.execute("do $$ begin raise exception using errcode = '" + sqlstate + "'; end $$");
}

class Interventions : public testing::Test {
 protected:
  Interventions() : connection_(connect(database_.url())) {}

  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(Interventions, DeadlocksEndOneOfTheTransactions) {
  connection_->execute_script("create table t (i int primary key, n int)");
  connection_->execute_script("insert into t values (1, 0), (2, 0)");
  const auto other = connect(database_.url());
  const auto update = [](Executor& on, int row) {
    on.execute("update t set n = n + 1 where i = " + std::to_string(row));
  };
  // The one that waits for deadlock_timeout finds the deadlock.
  connection_->execute("set deadlock_timeout = '10ms'");
  other->execute("set deadlock_timeout = '1h'");
  Transaction mine(*connection_);
  Transaction others(*other);
  update(mine, 1);
  update(others, 2);
  std::thread waits([&] { update(others, 1); });
  try {
    update(mine, 2);
    ADD_FAILURE() << "no deadlock";
  } catch (const TransactionRollback& error) {
    EXPECT_EQ(error.sqlstate(), "40P01");
    EXPECT_TRUE(error.retryable());
    EXPECT_THAT(error.fields().detail, HasSubstr("waits for"));
    EXPECT_THAT(error.fields().context, HasSubstr("while updating tuple"));
  }
  mine.rollback();
  waits.join();
  others.commit();
  EXPECT_EQ(column(*connection_, "select n from t order by i"), "1\n1");
}

TEST_F(Interventions, AnAdministratorsCancelIsNoTimeout) {
  std::thread admin([&, pid = std::to_string(connection_->backend_pid())] {
    const auto own = connect(database_.url());
    EXPECT_TRUE(becomes(*own, "select state from pg_stat_activity where pid = " + pid, "active"));
    column(*own, "select pg_cancel_backend(" + pid + ")");
  });
  try {
    connection_->execute("select pg_sleep(60)", {}, {Clock::now() + 1min});
    ADD_FAILURE() << "slept";
  } catch (const OperatorIntervention& error) {
    EXPECT_EQ(error.sqlstate(), "57014");
    EXPECT_FALSE(error.retryable()) << "somebody did not want it";
  }
  admin.join();
  EXPECT_EQ(column(*connection_, "select 1"), "1");
}

TEST_F(Interventions, TheServersTimeoutsAreItsErrors) {
  EXPECT_THROW(connection_->execute_script(
                   "begin; set local statement_timeout = '10ms'; select pg_sleep(60)"),
               OperatorIntervention);
  connection_->execute("rollback");
  const auto other = connect(database_.url());
  other->execute("create table t (i int)");
  const Transaction holder(*other);
  other->execute("lock table t");
  connection_->execute("set lock_timeout = '10ms'");
  try {
    connection_->execute("select * from t");
    ADD_FAILURE() << "read a locked table";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "55P03");
    EXPECT_TRUE(error.retryable());
  }
}

// The server ends a session that idles in its transaction: the next call hears of it.
TEST_F(Interventions, AnEndedSessionIsHeardOfInTheNextCall) {
  connection_->execute("set idle_in_transaction_session_timeout = '10ms'");
  const std::string pid = std::to_string(connection_->backend_pid());
  Transaction transaction(*connection_);
  const auto other = connect(database_.url());
  ASSERT_TRUE(becomes(*other, "select count(*) from pg_stat_activity where pid = " + pid, "0"));
  try {
    transaction.execute("select 1");
    ADD_FAILURE() << "the session is over";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "25P03");
  } catch (const ConnectionLost&) {
    // Its last words are lost when the write fails first.
  }
  EXPECT_TRUE(connection_->is_broken());
}

TEST_F(Interventions, OnlyWhatMaySucceedLaterIsRetryable) {
  const auto retryable = [&](const std::string& sqlstate) {
    try {
      raise(*connection_, sqlstate);
    } catch (const ServerError& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate);
      return error.retryable();
    }
    ADD_FAILURE() << sqlstate << " was not raised";
    return false;
  };
  for (const char* yes :
       {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53100", "53200", "53300", "08006"}) {
    EXPECT_TRUE(retryable(yes)) << yes;
  }
  for (const char* no : {"22012", "23505", "25P02", "42601", "57014", "55000", "P0001", "XX000"}) {
    EXPECT_FALSE(retryable(no)) << no;
  }
}

TEST_F(Interventions, EveryClassHasItsType) {
  EXPECT_THROW(raise(*connection_, "23001"), IntegrityError);
  EXPECT_THROW(raise(*connection_, "23P01"), IntegrityError);
  EXPECT_THROW(raise(*connection_, "23505"), UniqueViolation);
  EXPECT_THROW(raise(*connection_, "40002"), TransactionRollback);
  EXPECT_THROW(raise(*connection_, "42501"), SyntaxOrAccessError);
  EXPECT_THROW(raise(*connection_, "57014"), OperatorIntervention);
  EXPECT_THROW(raise(*connection_, "P0001"), ServerError);
}

}  // namespace
}  // namespace qm::test
