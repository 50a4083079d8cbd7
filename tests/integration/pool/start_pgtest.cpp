// The first connection, or why there is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <quartermaster/embedded.hpp>

#include "pool/conninfo.hpp"
#include "pools.hpp"
#include "scratch_directory.hpp"
#include "silent_listener.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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
  EXPECT_THAT(refused("postgresql://u:sesame@127.0.0.1:1/d", 1s, 1s),
              AllOf(HasSubstr("127.0.0.1:1"), HasSubstr("Connection refused"),
                    HasSubstr("gave up after 1000 ms"), Not(HasSubstr("sesame"))));
}

TEST(Start, NobodyAnswers) {
  const SilentListener listener;
  EXPECT_THAT(refused(listener.url(), 30ms, 1s),
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

// A host that takes the connection and never answers does not use up the time of the next.
TEST(Start, ASilentHostHasItsShareOfTheTime) {
  const TestDatabase database;
  const SilentListener silent;
  const auto params = pool::Conninfo::parse(database.url(), "").attempts.at(0);
  const auto port = params.get("port");
  const std::string url = "host='127.0.0.1," + params.get("host") + "' port='" +
                          std::to_string(silent.port()) + "," + (port.empty() ? "5432" : port) +
                          "' user='" + params.get("user") + "' dbname='" + database.name() + "'";
  DatabaseConfig config = settings(url);
  config.connect_timeout = 2s;
  const auto began = Clock::now();
  Pool pool(pool_config(config));
  EXPECT_GE(Clock::now() - began, 1s);
  EXPECT_EQ(pool.execute("select 1").rows(), 1);
}

// Far more than one attempt's time: the pool goes on asking for as long as it was told to.
TEST(Start, EndsWithTheStartTimeout) {
  const SilentListener listener;
  const auto began = Clock::now();
  EXPECT_THAT(refused(listener.url(), 1h, 100ms),
              AllOf(HasSubstr("the server does not answer"), HasSubstr("gave up after 100 ms")));
  EXPECT_GE(Clock::now() - began, 100ms);
  EXPECT_LT(Clock::now() - began, 1min);
}

TEST(Start, AsksForAPassword) {
  const ScratchDirectory directory;
  const auto rules = directory.write("hba.conf", "local all all scram-sha-256\n");
  const auto server = embedded::Server::start({.settings = {{"hba_file", rules.string()}}});
  EXPECT_THAT(refused(server.url() + "&passfile=/nonexistent", 10s, 1h),
              AllOf(HasSubstr("no password supplied"), HasSubstr("put the password into the url")));
}

}  // namespace
}  // namespace qm::test
