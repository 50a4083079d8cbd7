// See metrics.hpp. The only file that includes prometheus-cpp's serialiser.
#include <quartermaster/metrics.hpp>

#include <prometheus/collectable.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <quartermaster/error.hpp>
#include <sstream>
#include <vector>

#include "observe/pool_families.hpp"
#include "observe/query_families.hpp"

namespace qm {

// A Collectable, so that each scrape is made of one consistent reading of each pool rather than of
// values that were copied into metric objects one by one.
struct Metrics::Impl final : prometheus::Collectable {
  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> families;
    prometheus::MetricFamily build{"quartermaster_build_info",
                                   "1, with the version as a label.",
                                   prometheus::MetricType::Gauge,
                                   {}};
    build.metric.emplace_back();
    build.metric.back().label = {{"version", QUARTERMASTER_VERSION}};
    build.metric.back().gauge.value = 1;
    families.push_back(std::move(build));

    // Held over the readings: remove_pool() returns only when nobody reads that pool any more.
    const std::lock_guard lock(mutex);
    std::vector<observe::PoolReading> readings;
    readings.reserve(pools.size());
    for (const Pool* pool : pools)
      readings.push_back({pool->config().name, pool->stats()});
    for (auto&& more : {observe::collect_pools(readings), queries->collect()})
      families.insert(families.end(), more.begin(), more.end());
    return families;
  }

  mutable std::mutex mutex;
  std::vector<const Pool*> pools;
  std::shared_ptr<observe::QueryMetrics> queries = std::make_shared<observe::QueryMetrics>();
};

Metrics::Metrics() : impl_(std::make_shared<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::add_pool(const Pool& pool) {
  const std::lock_guard lock(impl_->mutex);
  for (const Pool* each : impl_->pools) {
    if (each == &pool) return;
    if (each->config().name == pool.config().name) {
      throw ConfigError({.object = "pool \"" + pool.config().name + "\"",
                         .expected = "a name of its own, which labels its metrics",
                         .found = "another pool of that name",
                         .hint = "set PoolConfig::name"});
    }
  }
  impl_->pools.push_back(&pool);
}

void Metrics::remove_pool(const Pool& pool) {
  const std::lock_guard lock(impl_->mutex);
  std::erase(impl_->pools, &pool);
}

ObserverPtr Metrics::observer() const {
  return impl_->queries;
}

std::string Metrics::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, impl_->Collect());
  return out.str();
}

}  // namespace qm
