// The server dies under load and comes back: callers get errors meanwhile, and nothing else.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <thread>

#include "becomes_true.hpp"
#include "scratch_directory.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

TEST(KilledServer, PoolRecovers) {
  const ScratchDirectory directory;
  ASSERT_EQ(::chmod(directory.path().c_str(), 0777), 0);
  const embedded::Options options{.data_dir = directory.path() / "data",
                                  .socket_dir = directory.path() / "s"};
  auto server = std::make_optional(embedded::Server::start(options));
  DatabaseConfig database;
  database.url = server->url();
  database.max_conns = 3;
  database.min_conns = 1;
  database.acquire_timeout = 10s;
  Pool pool(pool_config(database));

  std::atomic<bool> stop{false};
  std::atomic<int> served{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 6; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        try {
          EXPECT_EQ(pool.execute("select 4711").rows(), 1);
          ++served;
        } catch (const Error&) {
          ++failed;
        }
      }
    });
  }
  ASSERT_TRUE(becomes_true([&] { return served > 100; }));
  ASSERT_EQ(::kill(server->pid(), SIGKILL), 0);
  ASSERT_TRUE(becomes_true([&] { return failed > 10; }));
  server.reset();
  server.emplace(embedded::Server::start(options));
  const int before = served;
  EXPECT_TRUE(becomes_true([&] { return served > before + 100; }));
  stop = true;
  for (auto& caller : callers)
    caller.join();
  const PoolStats stats = pool.stats();
  EXPECT_LE(stats.total_conns, 3U);
  EXPECT_EQ(stats.acquired_conns, 0U);
  EXPECT_EQ(stats.waiters, 0U);
  pool.close();
}

}  // namespace
}  // namespace qm::test
