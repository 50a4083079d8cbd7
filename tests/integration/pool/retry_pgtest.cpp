// Transactions that are run again: after a conflict with another one, and not after anything else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/retry.hpp>

#include "pools.hpp"

namespace qm::test {
namespace {

class Retry : public testing::Test {
 protected:
  Retry() { run_sql(url_, "create table counters (n integer); insert into counters values (0)"); }

  static int read(Executor& db) {
    return decode_field<std::int32_t>(db.execute("select n from counters"), 0, 0);
  }
  static void add_one(Transaction& transaction) {
    transaction.execute("update counters set n = n + 1");
  }
  // Between the read and the write of the transaction, which then cannot be serialized.
  void interfere() { run_sql(url_, "update counters set n = n + 10"); }

  const TestDatabase database_;
  const std::string url_ = database_.url();
  Pool pool{pool_config(settings(url_, 1))};
};

TEST_F(Retry, RunsATransactionAgainAfterAConflict) {
  int attempts = 0;
  const int before = retry_serializable(pool, [&](Transaction& transaction) {
    const int n = read(transaction);
    if (++attempts < 3) interfere();
    add_one(transaction);
    return n;
  });
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(before, 20);
  EXPECT_EQ(read(pool), 21);
}

TEST_F(Retry, BeginsASerializableTransactionUnlessToldOtherwise) {
  const auto isolation = [](Transaction& transaction) {
    const Result result = transaction.execute("show transaction_isolation");
    return decode_field<std::string>(result, 0, 0);
  };
  EXPECT_EQ(retry_serializable(pool, isolation), "serializable");
  EXPECT_EQ(retry_serializable(pool, isolation,
                               {.transaction = {.isolation = Isolation::repeatable_read}}),
            "repeatable read");
}

TEST_F(Retry, GivesUpWhenItsAttemptsAreUsedUp) {
  int attempts = 0;
  const auto hopeless = [&](Transaction& transaction) {
    read(transaction);
    ++attempts;
    interfere();
    add_one(transaction);
  };
  EXPECT_THROW(retry_serializable(pool, hopeless, {.max_attempts = 3}), TransactionRollback);
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(read(pool), 30) << "nothing of the attempts is left";
}

TEST_F(Retry, GivesUpAtItsDeadline) {
  int attempts = 0;
  const auto hopeless = [&](Transaction& transaction) {
    read(transaction);
    ++attempts;
    interfere();
    add_one(transaction);
  };
  EXPECT_THROW(retry_serializable(pool, hopeless,
                                  {.max_attempts = 1'000'000,
                                   .first_pause = std::chrono::hours(100'000),
                                   .longest_pause = std::chrono::hours(100'000),
                                   .deadline = Clock::now() + std::chrono::seconds(10)}),
               TransactionRollback);
  EXPECT_EQ(attempts, 1) << "no pause that outlasts the deadline";
}

TEST_F(Retry, LeavesOtherErrorsToTheCaller) {
  int attempts = 0;
  const auto fails = [&](Transaction& transaction) {
    ++attempts;
    add_one(transaction);
    transaction.execute("select 1 / 0");
  };
  EXPECT_THROW(retry_serializable(pool, fails), ServerError);
  const auto throws = [&](Transaction& transaction) {
    ++attempts;
    add_one(transaction);
    throw std::runtime_error("no");
  };
  EXPECT_THROW(retry_serializable(pool, throws), std::runtime_error);
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(read(pool), 0);
}

TEST_F(Retry, DoesNotRepeatACommitThatMayHaveTakenPlace) {
  int attempts = 0;
  const auto cut_off = [&](Transaction& transaction) {
    ++attempts;
    add_one(transaction);
    terminate(url_, transaction.connection().backend_pid());
  };
  EXPECT_THROW(retry_serializable(pool, cut_off), CommitUnknown);
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(read(pool), 0);
}

}  // namespace
}  // namespace qm::test
