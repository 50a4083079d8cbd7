// The db_pool_* metric families, made from readings of pools. Not for taking the readings:
// metrics.cpp does.
#pragma once

#include <prometheus/metric_family.h>

#include <quartermaster/pool.hpp>
#include <span>
#include <string>
#include <vector>

namespace qm::observe {

struct PoolReading {
  std::string name;
  PoolStats stats;
};

// One family a metric, one series a pool. Counters carry the pool's own totals: adding them up
// again at each scrape would count everything twice. Nothing for no pools.
std::vector<prometheus::MetricFamily> collect_pools(std::span<const PoolReading> pools);

}  // namespace qm::observe
