// See pool_families.hpp.
#include "observe/pool_families.hpp"

#include <cstdint>
#include <utility>

namespace qm::observe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct CounterRow {
  const char* name;
  const char* help;
  std::uint64_t PoolStats::*value;
};

constexpr CounterRow counters[] = {
    {"db_pool_acquire_total", "Connections acquired.", &PoolStats::acquire_total},
    {"db_pool_canceled_acquire_total", "Acquires whose deadline passed or that were cancelled.",
     &PoolStats::canceled_acquire_total},
    {"db_pool_empty_acquire_total", "Successful acquires that had to wait or connect.",
     &PoolStats::empty_acquire_total},
    {"db_pool_new_conns_total", "Connection attempts, failed ones included.",
     &PoolStats::new_conns_total},
    {"db_pool_max_lifetime_destroy_total", "Connections destroyed for their age.",
     &PoolStats::max_lifetime_destroy_total},
    {"db_pool_max_idle_destroy_total", "Connections destroyed for being idle too long.",
     &PoolStats::max_idle_destroy_total},
    {"db_pool_upkeep_errors_total", "Failures of background upkeep.",
     &PoolStats::upkeep_errors_total},
    {"db_pool_leak_reports_total", "Connections reported as held suspiciously long.",
     &PoolStats::leak_reports_total},
    {"db_pool_broken_destroy_total", "Connections destroyed because they broke.",
     &PoolStats::broken_destroy_total},
    {"db_pool_statement_hits_total", "Calls of registered queries that were prepared already.",
     &PoolStats::statement_hits_total},
    {"db_pool_statement_misses_total", "Calls of registered queries that were prepared first.",
     &PoolStats::statement_misses_total},
    {"db_pool_sent_bytes_total", "Bytes of parameters and of data for COPY.",
     &PoolStats::sent_bytes_total},
    {"db_pool_received_bytes_total", "Bytes of results and of data of COPY.",
     &PoolStats::received_bytes_total},
};

struct GaugeRow {
  const char* name;
  const char* help;
  std::uint32_t PoolStats::*value;
};

constexpr GaugeRow gauges[] = {
    {"db_pool_acquired_conns", "Connections lent, being checked or being destroyed.",
     &PoolStats::acquired_conns},
    {"db_pool_constructing_conns", "Connections being opened.", &PoolStats::constructing_conns},
    {"db_pool_idle_conns", "Connections ready to be lent.", &PoolStats::idle_conns},
    {"db_pool_total_conns", "Acquired, constructing and idle connections.",
     &PoolStats::total_conns},
    {"db_pool_max_conns", "Connections the pool may have.", &PoolStats::max_conns},
    {"db_pool_waiters", "Callers waiting for a connection.", &PoolStats::waiters},
};

struct ReasonRow {
  const char* reason;
  std::uint64_t PoolStats::*value;
};

constexpr ReasonRow failures[] = {
    {"timeout", &PoolStats::failed_acquire_timeout_total},
    {"closed", &PoolStats::failed_acquire_closed_total},
    {"connect", &PoolStats::failed_acquire_connect_total},
};

ClientMetric labelled(const PoolReading& pool) {
  ClientMetric metric;
  metric.label.push_back({"pool", pool.name});
  return metric;
}

struct HistogramRow {
  const char* name;
  const char* help;
  DurationHistogram PoolStats::*value;
};

constexpr HistogramRow histograms[] = {
    {"db_pool_acquire_duration_seconds", "Time from the call to having a connection.",
     &PoolStats::acquire_duration_seconds},
    {"db_pool_wait_duration_seconds", "Time in the queue of acquires that had to wait.",
     &PoolStats::wait_duration_seconds},
    {"db_pool_connect_duration_seconds", "Time to open a connection.",
     &PoolStats::connect_duration_seconds},
    {"db_pool_check_duration_seconds", "Time to check a connection that had been idle for long.",
     &PoolStats::check_duration_seconds},
    {"db_pool_use_duration_seconds", "Time from lending a connection to its return.",
     &PoolStats::use_duration_seconds},
};

ClientMetric histogram_of(const PoolReading& pool, const DurationHistogram& from) {
  ClientMetric metric = labelled(pool);
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < DurationHistogram::bounds.size(); ++i) {
    cumulative += from.counts[i];
    metric.histogram.bucket.push_back({cumulative, DurationHistogram::bounds[i]});
  }
  metric.histogram.sample_count = cumulative + from.counts.back();
  metric.histogram.sample_sum = from.sum_seconds;
  return metric;
}

}  // namespace

std::vector<MetricFamily> collect_pools(std::span<const PoolReading> pools) {
  std::vector<MetricFamily> families;
  if (pools.empty()) return families;
  for (const CounterRow& row : counters) {
    MetricFamily family{row.name, row.help, MetricType::Counter, {}};
    for (const PoolReading& pool : pools) {
      family.metric.push_back(labelled(pool));
      family.metric.back().counter.value = static_cast<double>(pool.stats.*row.value);
    }
    families.push_back(std::move(family));
  }
  for (const GaugeRow& row : gauges) {
    MetricFamily family{row.name, row.help, MetricType::Gauge, {}};
    for (const PoolReading& pool : pools) {
      family.metric.push_back(labelled(pool));
      family.metric.back().gauge.value = static_cast<double>(pool.stats.*row.value);
    }
    families.push_back(std::move(family));
  }
  MetricFamily failed{
      "db_pool_failed_acquire_total", "Acquires that failed, by reason.", MetricType::Counter, {}};
  for (const PoolReading& pool : pools) {
    for (const ReasonRow& row : failures) {
      failed.metric.push_back(labelled(pool));
      failed.metric.back().label.push_back({"reason", row.reason});
      failed.metric.back().counter.value = static_cast<double>(pool.stats.*row.value);
    }
  }
  families.push_back(std::move(failed));
  for (const HistogramRow& row : histograms) {
    MetricFamily family{row.name, row.help, MetricType::Histogram, {}};
    for (const PoolReading& pool : pools)
      family.metric.push_back(histogram_of(pool, pool.stats.*row.value));
    families.push_back(std::move(family));
  }
  return families;
}

}  // namespace qm::observe
