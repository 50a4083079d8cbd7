// What an application hangs into the life of a pool's connections, and what becomes of a connection
// when a hook refuses it or throws.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/host.hpp>
#include <stdexcept>

#include "pools.hpp"

namespace qm::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class Hooks : public testing::Test {
 protected:
  PoolConfig config(std::uint32_t max_conns = 1) const {
    return pool_config(settings(database_.url(), max_conns));
  }
  static std::string text(Executor& db, const std::string& sql) {
    const Result result = db.execute(sql);
    return decode_field<std::string>(result, 0, 0);
  }

  const TestDatabase database_;
};

TEST_F(Hooks, MayChangeWhereAConnectionGoes) {
  PoolConfig changed = config();
  std::atomic<int> calls{0};
  changed.hooks.before_connect = [&](std::string& url) {
    url += " application_name=attempt" + std::to_string(++calls);
  };
  Pool pool(changed);
  EXPECT_EQ(text(pool, "show application_name"), "attempt1");
  pool.reset();
  EXPECT_EQ(text(pool, "show application_name"), "attempt2");
}

TEST_F(Hooks, FailAConnectThatTheyCannotPrepare) {
  PoolConfig failing = config();
  failing.start_timeout = std::chrono::milliseconds(500);
  failing.hooks.before_connect = [](std::string&) { throw std::runtime_error("no password yet"); };
  EXPECT_THAT([&] { Pool pool(failing); },
              ThrowsMessage<ConnectError>(HasSubstr("hook before_connect: no password yet")));
  failing.hooks.before_connect = [](std::string& url) { url = "no such keyword=1"; };
  EXPECT_THROW(Pool pool(failing), ConnectError);
}

TEST_F(Hooks, SetASessionUpBeforeItIsLent) {
  PoolConfig prepared = config(2);
  std::atomic<int> calls{0};
  prepared.hooks.after_connect = [&](Connection& connection) {
    ++calls;
    connection.execute_script("set statement_timeout = 4711");
  };
  Pool pool(prepared);
  const auto first = pool.acquire();
  EXPECT_EQ(text(*first, "show statement_timeout"), "4711ms");
  EXPECT_EQ(text(pool, "show statement_timeout"), "4711ms");
  EXPECT_EQ(calls, 2);
}

TEST_F(Hooks, FailAConnectThatTheyCannotSetUp) {
  PoolConfig failing = config();
  std::atomic<bool> fails{false};
  failing.hooks.after_connect = [&](Connection& connection) {
    if (fails) connection.execute("select nme from nowhere");
  };
  Pool pool(failing);
  fails = true;
  pool.reset();
  EXPECT_THAT([&] { pool.acquire(); },
              ThrowsMessage<ConnectError>(HasSubstr("hook after_connect: ad-hoc: relation "
                                                    "\"nowhere\" does not exist")));
  EXPECT_TRUE(becomes_true([&] { return pool.stats().total_conns == 0; }));
  fails = false;
  EXPECT_EQ(text(pool, "select 'back'"), "back");
}

TEST_F(Hooks, MayRefuseToLendAConnection) {
  PoolConfig choosy = config();
  int refusals = 2;
  std::vector<int> seen;
  choosy.hooks.before_acquire = [&](Connection& connection) {
    seen.push_back(connection.backend_pid());
    return refusals-- <= 0;
  };
  Pool pool(choosy);
  const auto lent = pool.acquire();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(lent->backend_pid(), seen[2]);
  EXPECT_NE(seen[0], seen[1]);
  EXPECT_NE(seen[1], seen[2]);
}

TEST_F(Hooks, ThatRefuseAllLeaveTheCallerItsDeadline) {
  PoolConfig choosy = config();
  choosy.hooks.before_acquire = [](Connection&) { return false; };
  Pool pool(choosy);
  EXPECT_THROW(pool.acquire(Clock::now() + std::chrono::milliseconds(50)), AcquireTimeout);
}

TEST_F(Hooks, PassOnWhatIsThrownBeforeLending) {
  struct NotNow {};
  PoolConfig choosy = config();
  bool throws = true;
  choosy.hooks.before_acquire = [&](Connection&) {
    if (throws) throw NotNow();
    return true;
  };
  Pool pool(choosy);
  EXPECT_THROW(pool.acquire(), NotNow);
  throws = false;
  EXPECT_EQ(text(pool, "select 'back'"), "back");
}

TEST_F(Hooks, DecideWhatIsKeptAfterUse) {
  PoolConfig tidy = config();
  enum class Answer : std::uint8_t { keep, drop, throws, breaks } answer = Answer::keep;
  tidy.hooks.after_release = [&](Connection& connection) {
    connection.execute_script("reset all");
    if (answer == Answer::throws) throw std::runtime_error("no");
    if (answer == Answer::breaks) connection.execute_script("begin");
    return answer != Answer::drop;
  };
  Pool pool(tidy);
  const auto pid = [&] { return pool.acquire()->backend_pid(); };
  pool.acquire()->execute_script("set statement_timeout = 4711");
  EXPECT_EQ(text(pool, "show statement_timeout"), "0");
  int last = pid();
  EXPECT_EQ(pid(), last);
  for (const Answer next : {Answer::drop, Answer::throws, Answer::breaks}) {
    answer = next;
    last = pid();
    answer = Answer::keep;
    EXPECT_NE(pid(), last);
  }
}

TEST_F(Hooks, SayGoodbyeToWhatStillWorks) {
  PoolConfig polite = config(2);
  std::vector<int> closed;
  polite.hooks.before_close = [&](Connection& connection) {
    closed.push_back(connection.backend_pid());
    connection.execute("select 1");
    throw std::runtime_error("said");
  };
  Pool pool(polite);
  const int broken = [&] {
    const auto lent = pool.acquire();
    EXPECT_THROW(lent->execute("select pg_terminate_backend(pg_backend_pid())"), Error);
    return lent->backend_pid();
  }();
  const int good = pool.acquire()->backend_pid();
  EXPECT_NE(good, broken);
  pool.close();
  EXPECT_THAT(closed, testing::ElementsAre(good));
}

TEST_F(Hooks, OfAHostAreSetBeforeItsPool) {
  Config config;
  config.database = settings(database_.url(), 1);
  config.plugins.use_default_directory = false;
  Host host(config);
  PoolHooks hooks;
  hooks.after_connect = [](Connection& connection) {
    connection.execute("set application_name = 'hooked'");
  };
  host.set_pool_hooks(hooks);
  EXPECT_EQ(text(host.pool(), "show application_name"), "hooked");
  EXPECT_THAT([&] { host.set_pool_hooks(hooks); },
              ThrowsMessage<Error>(HasSubstr("call set_pool_hooks() before pool()")));
}

}  // namespace
}  // namespace qm::test
