// See query_families.hpp.
#include "observe/query_families.hpp"

#include <algorithm>
#include <utility>

#include "config/utf8.hpp"

namespace qm::observe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// The first two characters of an SQLSTATE; errors that no server reported are the client's.
std::string_view error_class(std::string_view sqlstate) noexcept {
  const auto is_code = [](char each) {
    return (each >= '0' && each <= '9') || (each >= 'A' && each <= 'Z');
  };
  if (sqlstate.size() != 5 || !is_code(sqlstate[0]) || !is_code(sqlstate[1])) return "client";
  return sqlstate.substr(0, 2);
}

}  // namespace

QueryMetrics::QueryMetrics() = default;
QueryMetrics::~QueryMetrics() = default;

void QueryMetrics::on_query(const QueryEvent& event) noexcept {
  try {
    Series& series = series_of(event);
    Durations& durations =
        series.durations[std::min(static_cast<std::size_t>(event.operation), operations - 1)];
    const double seconds = std::chrono::duration<double>(event.duration).count();
    const auto* bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds);
    durations.counts[static_cast<std::size_t>(bucket - bounds.begin())].fetch_add(
        1, std::memory_order_relaxed);
    durations.sum_nanoseconds.fetch_add(
        static_cast<std::uint64_t>(std::max<std::int64_t>(event.duration.count(), 0)),
        std::memory_order_relaxed);
    if (event.rows > 0) {
      series.rows.fetch_add(static_cast<std::uint64_t>(event.rows), std::memory_order_relaxed);
    }
    if (event.error != nullptr) count_error(series, event.sqlstate);
  } catch (...) {
    // No memory for a new series: the statement's own outcome matters more.
  }
}

QueryMetrics::Series& QueryMetrics::series_of(const QueryEvent& event) {
  if (event.query == nullptr) return series_named(event.name, {});
  if (const Known* found = known(*event.query)) return *found->series;
  Series& series = series_named(event.query->full_name, event.query->plugin);
  remember(*event.query, series);
  return series;
}

QueryMetrics::Series& QueryMetrics::series_named(std::string_view name, std::string_view plugin) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = by_name_.find(name); found != by_name_.end()) return *found->second;
    if (by_name_.size() >= max_queries) return other_;
  }
  if (name.empty() || name == other_.query || name.size() > max_label_size ||
      find_invalid_utf8(name) != std::string_view::npos) {
    return other_;
  }
  const std::unique_lock lock(mutex_);
  if (const auto found = by_name_.find(name); found != by_name_.end()) return *found->second;
  if (by_name_.size() >= max_queries) return other_;
  auto series = std::make_unique<Series>();
  series->query = name;
  series->plugin = plugin;
  return *by_name_.emplace(series->query, std::move(series)).first->second;
}

const QueryMetrics::Known* QueryMetrics::known(const RegisteredQuery& query) const noexcept {
  if (query.index >= page_size * max_pages) return nullptr;
  const Page* page = pages_[query.index / page_size].load(std::memory_order_acquire);
  if (page == nullptr) return nullptr;
  const Known* found = (*page)[query.index % page_size].load(std::memory_order_acquire);
  return found != nullptr && found->query == &query ? found : nullptr;
}

void QueryMetrics::remember(const RegisteredQuery& query, Series& series) {
  if (query.index >= page_size * max_pages) return;
  const std::unique_lock lock(mutex_);
  auto& slot = pages_[query.index / page_size];
  if (slot.load(std::memory_order_relaxed) == nullptr) {
    owned_pages_.push_back(std::make_unique<Page>());
    slot.store(owned_pages_.back().get(), std::memory_order_release);
  }
  auto& place = (*slot.load(std::memory_order_relaxed))[query.index % page_size];
  // A place that another query has stays its own: whoever shares an index is found by name.
  if (place.load(std::memory_order_relaxed) != nullptr) return;
  owned_known_.push_back(std::make_unique<const Known>(Known{&query, &series}));
  place.store(owned_known_.back().get(), std::memory_order_release);
}

void QueryMetrics::count_error(Series& series, std::string_view sqlstate) {
  const std::string_view name = error_class(sqlstate);
  const std::lock_guard lock(series.errors_mutex);
  if (const auto found = series.errors.find(name); found != series.errors.end()) {
    ++found->second;
  } else if (series.errors.size() < max_error_classes) {
    series.errors.emplace(name, 1);
  } else {
    ++series.errors["other"];
  }
}

std::vector<MetricFamily> QueryMetrics::collect() const {
  MetricFamily durations{"db_query_duration_seconds",
                         "Time from sending a statement to having its result.",
                         MetricType::Histogram,
                         {}};
  MetricFamily rows{"db_query_rows_total", "Rows returned or affected.", MetricType::Counter, {}};
  MetricFamily errors{"db_query_errors_total",
                      "Failed statements, by class of the SQLSTATE.",
                      MetricType::Counter,
                      {}};

  const auto add = [&](const Series& series) {
    bool used = false;
    for (std::size_t operation = 0; operation < operations; ++operation) {
      const Durations& from = series.durations[operation];
      ClientMetric metric;
      std::uint64_t cumulative = 0;
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        cumulative += from.counts[i].load(std::memory_order_relaxed);
        metric.histogram.bucket.push_back({cumulative, bounds[i]});
      }
      cumulative += from.counts.back().load(std::memory_order_relaxed);
      if (cumulative == 0) continue;
      used = true;
      metric.label = {{"query", series.query},
                      {"plugin", series.plugin},
                      {"operation", to_string(static_cast<Operation>(operation))}};
      metric.histogram.sample_count = cumulative;
      metric.histogram.sample_sum =
          static_cast<double>(from.sum_nanoseconds.load(std::memory_order_relaxed)) / 1e9;
      durations.metric.push_back(std::move(metric));
    }
    if (!used) return;
    ClientMetric total;
    total.label = {{"query", series.query}};
    total.counter.value = static_cast<double>(series.rows.load(std::memory_order_relaxed));
    rows.metric.push_back(std::move(total));
    const std::lock_guard lock(series.errors_mutex);
    for (const auto& [name, count] : series.errors) {
      ClientMetric metric;
      metric.label = {{"query", series.query}, {"class", name}};
      metric.counter.value = static_cast<double>(count);
      errors.metric.push_back(std::move(metric));
    }
  };

  {
    const std::shared_lock lock(mutex_);
    for (const auto& [name, series] : by_name_)
      add(*series);
  }
  add(other_);

  std::vector<MetricFamily> families;
  for (MetricFamily* family : {&durations, &rows, &errors}) {
    if (!family->metric.empty()) families.push_back(std::move(*family));
  }
  return families;
}

}  // namespace qm::observe
