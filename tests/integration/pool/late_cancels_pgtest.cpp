// Thousands of statements that are cancelled at their deadline, at every moment of their lives, on
// connections that are shared with statements that are not: none of these is ever hit.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

TEST(LateCancels, HitNobodyElse) {
  const TestDatabase database;
  Pool pool(pool_config(settings(database.url(), 3)));
  const auto nap = registered("Nap", "select pg_sleep($1::float8)");
  const auto one = registered("One", "select 1");
  std::atomic<int> late = 0;
  std::atomic<int> in_time = 0;
  std::atomic<int> strays = 0;
  std::atomic<int> other = 0;
  std::vector<std::thread> callers;
  for (unsigned caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      std::minstd_rand random(caller);
      std::uniform_real_distribution<double> length(0, 0.002);
      for (int i = 0; i < 400; ++i) {
        ParamBuffer<1> params;
        encode_as(params, 701, length(random));
        const auto limit = std::chrono::duration<double>(length(random));
        try {
          pool.execute(
              *nap, params.view(),
              {Clock::now() + std::chrono::duration_cast<std::chrono::nanoseconds>(limit)});
          ++in_time;
        } catch (const QueryTimeout&) {
          ++late;
        } catch (const AcquireTimeout&) {
          ++late;
        } catch (const Error&) {
          ++other;
        }
        try {
          pool.execute(*one, {});
        } catch (const Error&) {
          ++strays;
        }
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(strays, 0);
  EXPECT_EQ(other, 0);
  EXPECT_GT(late, 1000);
  EXPECT_GT(in_time, 0);
  EXPECT_EQ(pool.stats().broken_destroy_total, 0U) << "every connection was kept";
}

}  // namespace
}  // namespace qm::test
