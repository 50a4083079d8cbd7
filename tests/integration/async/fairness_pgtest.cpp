// Who waits for a connection, and for how long others may pass: with thousands of waiters.
#include <algorithm>
#include <array>
#include <thread>

#include "event_loop.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

TEST(Fairness, IsStrictWithoutOvertaking) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 2);
  config.overtake_bound = 0ms;
  Pool pool(pool_config(config));
  asio::io_context io;
  const AsyncExecutor db(pool, io.get_executor());
  auto one = pool.acquire();
  auto two = pool.acquire();
  std::vector<int> order;
  constexpr int waiters = 5000;
  for (int i = 0; i < waiters; ++i) {
    async_acquire(db, [&order, i](const std::exception_ptr& error, const PooledConnection&) {
      ASSERT_EQ(error, nullptr);
      order.push_back(i);
    });
  }
  EXPECT_EQ(pool.stats().waiters, static_cast<std::uint32_t>(waiters));
  one.release();
  two.release();
  io.run();
  ASSERT_EQ(order.size(), static_cast<std::size_t>(waiters));
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

struct Wait {
  Deadline began;
  Deadline ended;
};

// Asks for a connection again and again; remembers from when it surely was in the queue.
class Asker {
 public:
  Asker(const AsyncExecutor& db, std::vector<Wait>& waits) : db_(db), waits_(waits) { ask(); }

 private:
  void ask() {
    async_acquire(db_, [this](const std::exception_ptr& error, const PooledConnection&) {
      ASSERT_EQ(error, nullptr);
      waits_.push_back({began_, Clock::now()});
      if (--left_ > 0) ask();
    });
    began_ = Clock::now();
  }

  const AsyncExecutor& db_;
  std::vector<Wait>& waits_;
  Deadline began_{};
  int left_ = 100;
};

// On one connection, whoever begins to ask when another has waited for the bound already must come
// after it.
TEST(Fairness, BoundsWhatIsOvertaken) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 1);
  config.overtake_bound = 1ms;
  Pool pool(pool_config(config));
  asio::io_context io;
  const AsyncExecutor db(pool, io.get_executor());

  std::vector<Wait> waits;
  std::vector<std::unique_ptr<Asker>> askers;
  for (int i = 0; i < 40; ++i)
    askers.push_back(std::make_unique<Asker>(db, waits));

  std::atomic<bool> stop = false;
  std::array<std::vector<Wait>, 2> taken;
  std::vector<std::thread> others;
  for (std::vector<Wait>& mine : taken) {
    others.emplace_back([&] {
      while (!stop) {
        const Deadline began = Clock::now();
        const PooledConnection held = pool.acquire();
        mine.push_back({began, Clock::now()});
      }
    });
  }
  io.run();
  stop = true;
  for (std::thread& other : others)
    other.join();

  ASSERT_EQ(waits.size(), 4000U);
  int passed_too_late = 0;
  for (const std::vector<Wait>& all : taken) {
    for (const Wait& wait : waits) {
      // The first that began when this one had waited for the bound.
      const auto first =
          std::lower_bound(all.begin(), all.end(), wait.began + config.overtake_bound,
                           [](const Wait& other, Deadline since) { return other.began < since; });
      if (first != all.end() && first->ended < wait.ended) ++passed_too_late;
    }
  }
  EXPECT_EQ(passed_too_late, 0);
}

}  // namespace
}  // namespace qm::test
