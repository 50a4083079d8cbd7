// A server's life and what is left of it, also when its owner is killed. Needs the server's
// programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>

#include "database_text.hpp"
#include "owner_process.hpp"
#include "refusal.hpp"
#include "scratch_directory.hpp"

namespace qm::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using embedded::Server;

// After a crash PostgreSQL would first flush every file, which takes long and shows nothing here.
const std::map<std::string, std::string> without_flush{{"fsync", "off"}};

bool none_exists(const std::set<std::string>& files) {
  return std::none_of(files.begin(), files.end(),
                      [](const std::string& f) { return fs::exists(f); });
}

TEST(Lifecycle, EphemeralServerLeavesNothing) {
  fs::path base;
  pid_t postmaster = 0;
  pid_t keeper = 0;
  std::set<std::string> memory;
  {
    const Server server = Server::start();
    base = server.data_dir().parent_path();
    postmaster = server.pid();
    keeper = parent_of(postmaster);
    memory = shared_memory_files(postmaster);
    EXPECT_EQ(column(server.url(), "select current_setting('fsync')"), "off");
    EXPECT_EQ(server.major(), embedded::find_binaries().major);
    EXPECT_TRUE(fs::exists(server.log_file()));
  }
  EXPECT_TRUE(has_ended(postmaster));
  EXPECT_TRUE(has_ended(keeper));
  EXPECT_FALSE(fs::exists(base));
  EXPECT_FALSE(memory.empty());
  EXPECT_TRUE(none_exists(memory));
}

// A session at work does not keep it.
TEST(Lifecycle, StopDisconnectsClients) {
  Server server = Server::start();
  const auto client = connect(server.url());
  client->execute_script("begin; create table t (a int)");
  server.stop();
  EXPECT_TRUE(has_ended(server.pid()));
  EXPECT_THROW(client->execute_script("select 1"), Error);
  server.stop();
}

TEST(Lifecycle, KeptClusterKeepsItsData) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / "below" / "data";
  {
    const Server server = Server::start({.data_dir = dir});
    run_sql(server.url(), "create table t as select 42 as a");
    EXPECT_EQ(column(server.url(), "select current_setting('fsync')"), "on");
  }
  EXPECT_TRUE(fs::exists(dir / "PG_VERSION"));
  EXPECT_FALSE(fs::exists(dir / "postmaster.pid"));
  const Server again = Server::start({.data_dir = dir});
  EXPECT_EQ(column(again.url(), "select a from t"), "42");
}

TEST(Lifecycle, KeptClusterSurvivesTheServersDeath) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / "data";
  {
    Server server = Server::start({.data_dir = dir});
    run_sql(server.url(), "create table t as select 42 as a");
    const auto session = connect(server.url());
    const int backend = session->backend_pid();
    ::kill(server.pid(), SIGKILL);
    // Its processes notice, each for itself; a new server waits for none of them.
    EXPECT_TRUE(embedded::wait_for_exit(backend, 20s));
  }
  EXPECT_TRUE(fs::exists(dir / "postmaster.pid"));
  EXPECT_FALSE(Server::attach(dir).has_value());
  const Server again = Server::start({.data_dir = dir, .settings = without_flush});
  EXPECT_EQ(column(again.url(), "select a from t"), "42");
}

TEST(Lifecycle, MovedFromServerOwnsNothing) {
  Server first = Server::start();
  const pid_t postmaster = first.pid();
  {
    const Server second = std::move(first);
    EXPECT_EQ(second.pid(), postmaster);
  }
  EXPECT_TRUE(has_ended(postmaster));
}

TEST(Lifecycle, DetachedServerOutlivesItsOwner) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / "data";
  EXPECT_FALSE(Server::attach(dir).has_value());
  OwnerProcess owner(dir.string(), "", "detached");
  ASSERT_NO_FATAL_FAILURE(owner.read_server());
  EXPECT_EQ(owner.end(), 0);

  auto attached = Server::attach(dir);
  ASSERT_TRUE(attached.has_value());
  EXPECT_EQ(attached->pid(), owner.postmaster);
  EXPECT_EQ(attached->url(), owner.url);
  EXPECT_EQ(attached->major(), embedded::find_binaries().major);
  EXPECT_EQ(attached->bin_dir(), fs::canonical(embedded::find_binaries().dir));
  EXPECT_EQ(column(attached->url(), "select 1"), "1");
  // Letting go of it does not stop it.
  attached.reset();
  attached = Server::attach(dir);
  ASSERT_TRUE(attached.has_value());
  attached->stop();
  EXPECT_TRUE(has_ended(owner.postmaster));
  EXPECT_FALSE(Server::attach(dir).has_value());
}

TEST(Lifecycle, KilledOwnerLeavesNothing) {
  OwnerProcess owner("", "");
  ASSERT_NO_FATAL_FAILURE(owner.read_server());
  const auto session = connect(owner.url);
  session->execute_script("create table t (a int)");
  const auto memory = shared_memory_files(owner.postmaster);
  const pid_t keeper = parent_of(owner.postmaster);
  EXPECT_TRUE(fs::exists(owner.data_dir));
  EXPECT_TRUE(WIFSIGNALED(owner.kill()));
  // The keeper is the last to go.
  EXPECT_TRUE(embedded::wait_for_exit(keeper, 30s));
  EXPECT_TRUE(has_ended(owner.postmaster));
  EXPECT_FALSE(fs::exists(owner.data_dir.parent_path()));
  EXPECT_FALSE(memory.empty());
  EXPECT_TRUE(none_exists(memory));
}

TEST(Lifecycle, KilledOwnerOfAKeptClusterLeavesTheData) {
  const ScratchDirectory scratch;
  // Long, so that the socket has a directory of its own.
  const fs::path dir = scratch.path() / std::string(120, 'd');
  OwnerProcess owner(dir.string(), "");
  ASSERT_NO_FATAL_FAILURE(owner.read_server());
  run_sql(owner.url, "create table t as select 42 as a");
  const fs::path socket_dir =
      column(owner.url, "select current_setting('unix_socket_directories')");
  EXPECT_TRUE(fs::exists(socket_dir));
  const pid_t keeper = parent_of(owner.postmaster);
  owner.kill();
  EXPECT_TRUE(embedded::wait_for_exit(keeper, 30s));
  EXPECT_TRUE(has_ended(owner.postmaster));
  EXPECT_FALSE(fs::exists(socket_dir));
  const Server again = Server::start({.data_dir = dir, .settings = without_flush});
  EXPECT_EQ(column(again.url(), "select a from t"), "42");
}

// PostgreSQL refuses root; whoever runs the test, the server is somebody else or oneself.
TEST(Lifecycle, ServerIsNeverRoot) {
  const Server server = Server::start();
  std::istringstream ids(process_status(server.pid(), "Uid"));
  const uid_t own = ::geteuid();
  for (int i = 0; i < 4; ++i) {
    uid_t id = 0;
    ASSERT_TRUE(ids >> id);
    if (own == 0) {
      EXPECT_NE(id, 0U);
    } else {
      EXPECT_EQ(id, own);
    }
  }
  if (own == 0) {
    EXPECT_EQ(process_status(server.pid(), "CapEff"), "0000000000000000");
    EXPECT_EQ(process_status(server.pid(), "Groups").find_first_not_of(' '), std::string::npos);
  }
}

TEST(Cache, TwoThatFindItEmpty) {
  const ScratchDirectory scratch;
  const std::string cache = (scratch.path() / "cache").string();
  OwnerProcess one("", cache);
  OwnerProcess other("", cache);
  ASSERT_NO_FATAL_FAILURE(one.read_server());
  ASSERT_NO_FATAL_FAILURE(other.read_server());
  EXPECT_NE(one.data_dir, other.data_dir);
  EXPECT_EQ(column(one.url, "select 1"), "1");
  EXPECT_EQ(column(other.url, "select 1"), "1");
  // One of them made it, and nothing half-made is left.
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(cache))
    names.push_back(entry.path().filename().string());
  ASSERT_EQ(names.size(), 1U);
  EXPECT_TRUE(names[0].starts_with("cluster-")) << names[0];

  // A third one finds it, and leaves it as it is.
  const auto made = fs::last_write_time(fs::path(cache) / names[0]);
  EXPECT_EQ(column(Server::start({.cache_dir = cache}).url(), "select 1"), "1");
  EXPECT_EQ(fs::last_write_time(fs::path(cache) / names[0]), made);
}

TEST(Cache, ThatCannotBeHadIsDoneWithout) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("file", "");
  EXPECT_EQ(column(Server::start({.cache_dir = file}).url(), "select 1"), "1");
}

}  // namespace
}  // namespace qm::test
