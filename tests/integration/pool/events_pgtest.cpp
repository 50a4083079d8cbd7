// What an observer is told of: every statement, with its time, rows and error; every connect; and
// what the server says on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/transaction.hpp>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// The events in words: operation, name, rows and SQLSTATE.
class Record final : public Observer {
 public:
  void on_query(const QueryEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    std::string line = std::string(to_string(event.operation)) + " " + std::string(event.name);
    if (event.rows != 0) line += " " + std::to_string(event.rows);
    if (event.error != nullptr) line += " failed " + std::string(event.sqlstate);
    lines_.push_back(line);
    pids_.push_back(event.backend_pid);
    longest_ = std::max(longest_, event.duration);
  }
  void on_note(const NoteEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    lines_.push_back("note " + std::string(event.area) + " " + std::string(event.message));
  }

  // All since the last call.
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }
  int last_pid() {
    const std::lock_guard lock(mutex_);
    return pids_.empty() ? 0 : pids_.back();
  }
  std::chrono::nanoseconds longest() {
    const std::lock_guard lock(mutex_);
    return longest_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<int> pids_;
  std::chrono::nanoseconds longest_{0};
};

class Events : public testing::Test {
 protected:
  Events() : connection_(Connection::open({.url = database_.url()}, Clock::now() + 10s, record_)) {}

  TestDatabase database_;
  std::shared_ptr<Record> record_ = std::make_shared<Record>();
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
