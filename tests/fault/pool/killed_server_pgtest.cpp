// The server dies under load and comes back: callers get errors meanwhile, and nothing else. What
// was acknowledged is there, what was refused is not.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/transaction.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "becomes_true.hpp"
#include "crowd.hpp"
#include "database_text.hpp"
#include "mortal_server.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

// A pool on a server, for as many lives as needed.
class KilledServer : public testing::Test {
 protected:
  KilledServer() {
    DatabaseConfig database;
    database.url = server_.url();
    database.max_conns = 3;
    database.min_conns = 1;
    database.acquire_timeout = 10s;
    pool_.emplace(pool_config(database));
  }

  // `work` again and again on six threads, through a kill and a restart; it tells whether it could.
  template <class Work>
  void run_through_a_kill(const Work& work) {
    std::atomic<int> served{0};
    std::atomic<int> failed{0};
    const Crowd crowd(6, [&](int /*round*/) {
      if (work()) {
        ++served;
        return;
      }
      ++failed;
      // Lets the server, which forks for every attempt to connect, get on with its recovery.
      std::this_thread::sleep_for(5ms);
    });
    EXPECT_TRUE(becomes_true([&] { return served > 100; }));
    server_.kill_postmaster();
    EXPECT_TRUE(becomes_true([&] { return failed > 10; }));
    server_.restart();
    const int before = served;
    EXPECT_TRUE(becomes_true([&] { return served > before + 100; }));
  }

  MortalServer server_;
  std::optional<Pool> pool_;
};

TEST_F(KilledServer, PoolRecovers) {
  run_through_a_kill([&] {
    try {
      EXPECT_EQ(pool_->execute("select 4711").rows(), 1);
      return true;
    } catch (const Error&) {
      return false;
    }
  });
  const PoolStats stats = pool_->stats();
  EXPECT_LE(stats.total_conns, 3U);
  EXPECT_EQ(stats.acquired_conns, 0U);
  EXPECT_EQ(stats.waiters, 0U);
  pool_->close();
}

TEST_F(KilledServer, OnlyUnknownCommitsAreInDoubt) {
  pool_->execute("create table t (i int)");
  std::atomic<int> next{0};
  std::mutex mutex;
  std::set<int> committed;
  std::set<int> refused;
  run_through_a_kill([&] {
    const int i = next++;
    const auto remember = [&](std::set<int>& where) {
      const std::lock_guard lock(mutex);
      where.insert(i);
    };
    try {
      const auto connection = pool_->acquire();
      Transaction transaction(*connection);
      transaction.execute("insert into t values (" + std::to_string(i) + ")");
      transaction.commit();
      remember(committed);
      return true;
    } catch (const CommitUnknown&) {
      return false;
    } catch (const Error&) {
      remember(refused);
      return false;
    }
  });
  std::set<int> there;
  std::istringstream rows(column(server_.url(), "select i from t"));
  for (int i = 0; rows >> i;)
    EXPECT_TRUE(there.insert(i).second) << i << " is there twice";
  for (const int i : committed)
    EXPECT_EQ(there.count(i), 1U) << i << " was committed";
  for (const int i : refused)
    EXPECT_EQ(there.count(i), 0U) << i << " was refused";
}

}  // namespace
}  // namespace qm::test
