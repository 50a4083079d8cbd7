// A COMMIT that is done on the server and not acknowledged, because a standby that has to have it
// first is not there. Whoever ends the wait, the transaction has been committed.
#include <gtest/gtest.h>

#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/transaction.hpp>
#include <thread>

#include "database_text.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

class StuckCommit : public testing::Test {
 protected:
  StuckCommit() : connection_(connect(server_.url())), admin_(connect(server_.url())) {
    admin_->execute("create table t (i int)");
    connection_->execute("set synchronous_commit = on");
  }
  std::string rows() { return column(*admin_, "select count(*) from t"); }

  // Nobody waits for the standby but who asks for it: the rest goes on.
  embedded::Server server_ =
      embedded::Server::start({.settings = {{"synchronous_standby_names", "nobody"},
                                            {"synchronous_commit", "local"},
                                            {"wal_level", "replica"},
                                            {"max_wal_senders", "1"}}});
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Connection> admin_;
};

// The cancel makes the server acknowledge it, with a warning.
TEST_F(StuckCommit, IsACommitAtItsDeadline) {
  Transaction transaction(*connection_);
  transaction.execute("insert into t values (1)");
  const auto end = Clock::now() + 30ms;
  transaction.commit({end});
  EXPECT_GE(Clock::now(), end) << "it was not stuck";
  EXPECT_FALSE(transaction.is_open());
  EXPECT_FALSE(connection_->is_broken());
  EXPECT_EQ(rows(), "1");
}

// The backend's last words are an error like any other; what it did is not.
TEST_F(StuckCommit, IsUnknownWhenItsBackendIsTerminated) {
  Transaction transaction(*connection_);
  transaction.execute("insert into t values (1)");
  std::thread killer([&, pid = std::to_string(connection_->backend_pid())] {
    const std::string waits = "select wait_event from pg_stat_activity where pid = " + pid;
    EXPECT_TRUE(becomes(*admin_, waits, "SyncRep"));
    column(*admin_, "select pg_terminate_backend(" + pid + ")");
  });
  EXPECT_THROW(transaction.commit(), CommitUnknown);
  killer.join();
  EXPECT_FALSE(transaction.is_open());
  EXPECT_TRUE(connection_->is_broken());
  EXPECT_EQ(rows(), "1");
}

}  // namespace
}  // namespace qm::test
