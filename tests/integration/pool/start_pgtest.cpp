// The first connection, or why there is none; and whether a pool can serve.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <quartermaster/embedded.hpp>

#include "pools.hpp"
#include "scratch_directory.hpp"
#include "silent_listener.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

;

// What the pool's constructor throws, within the time.
std::string refused(const std::string& url, std::chrono::milliseconds connect_timeout,
                    std::chrono::milliseconds start_timeout) {
  DatabaseConfig database = settings(url);
  database.connect_timeout = connect_timeout;
  PoolConfig config = pool_config(database);
  config.start_timeout = start_timeout;
  try {
    const Pool pool(config);
  } catch (const ConnectError& error) {
    return error.what();
  }
  return "started";
}

TEST(Start, NobodyListens) {
  EXPECT_THAT(refused("postgresql://u:sesame@127.0.0.1:1/d", 1s, 150ms),
              AllOf(HasSubstr("127.0.0.1:1"), HasSubstr("Connection refused"),
                    HasSubstr("gave up after 150 ms"), Not(HasSubstr("sesame"))));
}

TEST(Start, NobodyAnswers) {
  const SilentListener listener;
  EXPECT_THAT(refused(listener.url(), 30ms, 200ms),
              AllOf(HasSubstr("no answer within"), Not(HasSubstr("sesame"))));
}

TEST(Start, NoSuchDatabaseIsFinal) {
  const TestDatabase database;
  const auto began = Clock::now();
  EXPECT_THAT(refused(database_url("nowhere_" + database.name()), 10s, 1h),
              AllOf(HasSubstr("does not exist"), HasSubstr("[3D000]")));
  EXPECT_LT(Clock::now() - began, 1min);
}

TEST(Start, WrongPasswordIsFinal) {
  const ScratchDirectory directory;
  const auto rules = directory.write("hba.conf", "local all all scram-sha-256\n");
  const auto server = embedded::Server::start({.settings = {{"hba_file", rules.string()}}});
  EXPECT_THAT(refused(server.url() + "&password=sesame", 10s, 1h),
              AllOf(HasSubstr("password authentication failed"), Not(HasSubstr("sesame"))));
}

TEST(Start, OtherHostsAreTriedInTurn) {
  const TestDatabase database;
  // Two that do not serve before the one that does.
  std::string url = database.url();
  const std::string key = "host='";
  const auto host = url.find(key);
  ASSERT_NE(host, std::string::npos) << url;
  url.insert(host + key.size(), "/nonexistent,/also/nonexistent,");
  Pool pool(pool_config(settings(url)));
  EXPECT_EQ(pool.execute("select 1").rows(), 1);
}

class Refusals final : public Observer {
 public:
  void on_query(const QueryEvent& event) noexcept override {
    if (event.operation == Operation::connect && event.error != nullptr) ++count;
  }
  void on_note(const NoteEvent& /*event*/) noexcept override {}

  std::atomic<int> count{0};
};

TEST(Start, WaitsForAServerThatIsStarting) {
  const ScratchDirectory directory;
  ASSERT_EQ(::chmod(directory.path().c_str(), 0777), 0);
  const auto sockets = directory.path() / "s";
  const std::string url = "host='" + sockets.string() + "' user=postgres dbname=postgres";
  const auto refusals = std::make_shared<Refusals>();
  std::thread early([&] {
    Pool pool(pool_config(settings(url)), refusals);
    EXPECT_EQ(pool.execute("select 1").rows(), 1);
  });
  EXPECT_TRUE(becomes_true([&] { return refusals->count > 0; }));
  const auto server = embedded::Server::start({.socket_dir = sockets});
  early.join();
}

TEST(HealthOfAPool, IsOkSaturatedOrClosed) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 1)));
  EXPECT_EQ(health(pool).state, HealthState::ok);
  {
    const auto held = pool.acquire();
    const HealthReport report = health(pool);
    EXPECT_EQ(report.state, HealthState::saturated);
    EXPECT_THAT(report.reason, HasSubstr("1 of 1 in use"));
  }
  pool.close();
  EXPECT_EQ(health(pool).state, HealthState::closed);
}

TEST(HealthOfAPool, IsDownWithoutAServer) {
  auto server = std::make_optional(embedded::Server::start());
  DatabaseConfig config = settings(server->url(), 2);
  config.liveness_check_after = 0ms;
  Pool pool(pool_config(config));
  server.reset();
  const HealthReport report = health(pool);
  EXPECT_EQ(report.state, HealthState::down);
  EXPECT_THAT(report.reason, HasSubstr("connection to"));
}

}  // namespace
}  // namespace qm::test
