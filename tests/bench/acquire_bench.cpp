// Acquire and release without a statement: what the pool itself costs.
#include <mutex>
#include <quartermaster/pool.hpp>

#include "bench.hpp"

namespace qm::bench {
namespace {

std::shared_ptr<Pool> pool_of(const Place& place, std::uint32_t connections) {
  DatabaseConfig config;
  config.url = place.url;
  config.max_conns = config.min_conns = connections;
  return std::make_shared<Pool>(pool_config(config));
}

// In pieces, so that reading the clock does not count.
constexpr int piece = 1000;

Work lends(const std::shared_ptr<Pool>& pool, int threads) {
  return [pool, threads](Clock::time_point end) {
    return piece * on_threads(threads, end, [&](int) {
             for (int i = 0; i < piece; ++i)
               pool->acquire();
           });
  };
}

// The least that anything thread-safe can do.
Work locks(int threads) {
  return [threads](Clock::time_point end) {
    std::mutex mutex;
    int shared = 0;
    return piece * on_threads(threads, end, [&](int) {
             for (int i = 0; i < piece; ++i) {
               const std::lock_guard lock(mutex);
               ++shared;
             }
           });
  };
}

}  // namespace

std::vector<Workload> acquire_workloads(const Place& place) {
  const auto one = pool_of(place, 1);
  const auto four = pool_of(place, 4);
  return {{"acquire+release, 1 thread",
           "acquires",
           {{"two mutex locks", [lock = locks(1)](auto end) { return lock(end) / 2; }, true},
            {"Pool", lends(one, 1)}}},
          {"acquire+release, 8 threads on 4 connections",
           "acquires",
           {{"two mutex locks", [lock = locks(8)](auto end) { return lock(end) / 2; }, true},
            {"Pool", lends(four, 8)}}}};
}

}  // namespace qm::bench
