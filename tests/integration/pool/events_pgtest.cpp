// What an observer is told of: every statement, with its time, rows and error; every connect; and
// what the server says on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/transaction.hpp>

#include "event_record.hpp"
#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class Events : public testing::Test {
 protected:
  Events() : connection_(Connection::open({.url = database_.url()}, Clock::now() + 10s, record_)) {}

  TestDatabase database_;
  std::shared_ptr<EventRecord> record_ = std::make_shared<EventRecord>();
  std::unique_ptr<Connection> connection_;
};

TEST_F(Events, TellOfStatements) {
  const auto two = registered("Two", "select generate_series(1, 2)");
  connection_->execute(*two, {});
  connection_->execute(*two, {});
  connection_->execute("create table t as select generate_series(1, 3)", {}, {}, "fill");
  EXPECT_THROW(connection_->execute("select 1/0"), ServerError);
  EXPECT_THAT(record_->take(),
              ElementsAre("connect connect", "prepare test.Two", "execute test.Two 2",
                          "execute test.Two 2", "execute fill 3", "execute ad-hoc failed 22012"));
  EXPECT_EQ(record_->last_pid(), connection_->backend_pid());
}

TEST_F(Events, TellOfTransactions) {
  record_->take();
  {
    Transaction transaction(*connection_);
    transaction.commit();
  }
  {
    Transaction transaction(*connection_);
    const Transaction inner(transaction);
  }
  EXPECT_THAT(
      record_->take(),
      ElementsAre("execute begin", "commit commit", "execute begin", "execute savepoint qm_1",
                  "rollback rollback to savepoint qm_1; release savepoint qm_1",
                  "rollback rollback"));
}

TEST_F(Events, TellOfWhatWasNotEvenSent) {
  record_->take();
  EXPECT_THROW(connection_->execute("select 1", {}, {Clock::now()}, "late"), QueryTimeout);
  EXPECT_THAT(record_->take(), ElementsAre("execute late failed "));
  connection_->execute("select pg_sleep(0.03)", {}, {}, "slow");
  EXPECT_GE(record_->longest(), 30ms);
}

TEST_F(Events, TellOfTheServersNotices) {
  record_->take();
  connection_->execute("do $$ begin raise notice 'halfway'; end $$");
  EXPECT_THAT(record_->take(), ElementsAre("note server halfway", "execute ad-hoc"));
}

TEST_F(Events, TellOfConnectsThatFail) {
  EXPECT_THROW(Connection::open({.url = database_url("nowhere_" + database_.name())},
                                Clock::now() + 10s, record_),
               ConnectError);
  EXPECT_THAT(record_->take(), ElementsAre("connect connect", "connect connect failed 3D000"));
}

}  // namespace
}  // namespace qm::test
