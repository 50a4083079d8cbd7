// A long transaction keeps a migration from its table: the application goes on using that table
// meanwhile. Needs a server.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <quartermaster/migrator.hpp>
#include <thread>

#include "becomes_true.hpp"
#include "database_text.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

// An application that asks at a fixed pace, however long the answers take: who waits delays those
// behind, and all of it counts.
class Application {
 public:
  explicit Application(const std::string& url) {
    constexpr int connections = 4;
    for (int i = 0; i < connections; ++i)
      threads_.emplace_back([this, url, i] { run(url, i); });
  }
  ~Application() { end(); }
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  // Of all calls, ascending.
  std::vector<Clock::duration> end() {
    stop_ = true;
    for (std::thread& thread : threads_)
      thread.join();
    threads_.clear();
    std::sort(times_.begin(), times_.end());
    return times_;
  }

 private:
  void run(const std::string& url, int number) {
    constexpr auto pace = 5ms;
    const auto connection = connect(url);
    const std::string read = "select * from public.t where id = " + std::to_string(number);
    const std::string write = "update public.t set n = n + 1 where id = " + std::to_string(number);
    std::vector<Clock::duration> times;
    auto due = Clock::now();
    for (bool reads = true; !stop_; reads = !reads, due += pace) {
      std::this_thread::sleep_until(due);
      connection->execute_script(reads ? read : write);
      times.push_back(Clock::now() - due);
    }
    const std::lock_guard lock(mutex_);
    times_.insert(times_.end(), times.begin(), times.end());
  }

  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::vector<Clock::duration> times_;
  std::vector<std::thread> threads_;
};

TEST(LockSafety, ABlockedMigrationDoesNotStarveTheApplication) {
  const TestDatabase database;
  const std::string url = database.url();
  Migrator migrator(
      url, {made_up_plugin("own",
                           {made_up_migration(1, "t",
                                              "create table public.t (id int primary key, n int); "
                                              "insert into public.t select i, 0 from "
                                              "generate_series(0, 9) i"),
                            made_up_migration(2, "c", "alter table public.t add column c text")})});
  migrator.to(1);
  const auto report = connect(url);
  report->execute_script("begin; select count(*) from public.t");

  Application application(url);
  std::atomic<int> attempts{0};
  MigratorOptions options;
  options.progress = [&](const MigrationProgress& progress) {
    if (progress.stage == MigrationProgress::Stage::retrying) ++attempts;
  };
  auto migration = std::async(std::launch::async, [&] { return migrator.up(options).size(); });
  // Some five seconds.
  EXPECT_TRUE(becomes_true([&] { return attempts == 4; }));
  const std::vector<Clock::duration> times = application.end();
  report->execute_script("commit");
  EXPECT_EQ(migration.get(), 1U);

  ASSERT_GT(times.size(), 1000U);
  EXPECT_LT(times[times.size() * 99 / 100], 1s);
  // Most come through at once.
  EXPECT_LT(times[times.size() / 4], 100ms);
}

}  // namespace
}  // namespace qm::test
