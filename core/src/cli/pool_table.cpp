#include "cli/pool_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "cli/exposition.hpp"

namespace qm::cli {
namespace {

constexpr std::string_view prefix = "db_pool_";

struct Histogram {
  std::vector<Bucket> buckets;
  double sum = 0;
};

std::string readable_duration(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.0f} ns", seconds * 1e9);
  if (seconds < 1e-3) return fmt::format("{:.1f} µs", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1e3);
  return fmt::format("{:.1f} s", seconds);
}

Node number(double value) {
  // Counts are integers well within a double's 53 bits.
  if (std::floor(value) == value && std::fabs(value) < 9e15) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

Node duration(double seconds, Durations form) {
  return form == Durations::seconds ? Node(seconds) : Node(readable_duration(seconds));
}

Node quantile(const std::vector<Bucket>& buckets, double q, Durations form) {
  const double seconds = estimate_quantile(buckets, q);
  // Within the first bucket an interpolated figure would pretend to know.
  if (form == Durations::readable && seconds < buckets.front().bound) {
    return "< " + readable_duration(buckets.front().bound);
  }
  return duration(seconds, form);
}

std::string pool_of(const Sample& sample) {
  const auto pool = sample.labels.find("pool");
  return pool == sample.labels.end() ? std::string() : pool->second;
}

// "db_pool_failed_acquire_total reason=timeout"
std::string title_of(const Sample& sample) {
  std::string title = sample.name;
  for (const auto& [label, value] : sample.labels) {
    if (label != "pool") title += fmt::format(" {}={}", label, value);
  }
  return title;
}

Node::Object histogram_row(const std::string& pool, const std::string& name,
                           const Histogram& histogram, Durations form) {
  const double count = histogram.buckets.empty() ? 0 : histogram.buckets.back().count;
  Node::Object row{{"pool", pool}, {"metric", name}, {"value", number(count)}};
  const bool any = count > 0;
  row.emplace_back("mean", any ? duration(histogram.sum / count, form) : Node());
  row.emplace_back("p50", any ? quantile(histogram.buckets, 0.5, form) : Node());
  row.emplace_back("p95", any ? quantile(histogram.buckets, 0.95, form) : Node());
  return row;
}

}  // namespace

Node::Array pool_rows(std::string_view exposition, Durations durations) {
  Node::Array rows;
  std::map<std::pair<std::string, std::string>, Histogram> histograms;
  for (const Sample& sample : parse_exposition(exposition)) {
    const std::string_view name = sample.name;
    if (!name.starts_with(prefix)) continue;
    const std::string pool = pool_of(sample);
    const auto histogram = [&](std::string_view suffix) -> Histogram& {
      return histograms[{pool, sample.name.substr(0, name.size() - suffix.size())}];
    };
    if (const auto bound = sample.labels.find("le");
        bound != sample.labels.end() && name.ends_with("_bucket")) {
      // "+Inf" is what strtod() takes, too.
      histogram("_bucket").buckets.push_back({std::stod(bound->second), sample.value});
    } else if (name.ends_with("_seconds_sum")) {
      histogram("_sum").sum = sample.value;
    } else if (!name.ends_with("_seconds_count")) {
      rows.emplace_back(Node::Object{
          {"pool", pool}, {"metric", title_of(sample)}, {"value", number(sample.value)}});
    }
  }
  for (const auto& [key, histogram] : histograms)
    rows.emplace_back(histogram_row(key.first, key.second, histogram, durations));
  return rows;
}

std::vector<Column> pool_columns(bool with_pool) {
  std::vector<Column> columns{{"metric"}, {"value"}, {"mean"}, {"p50"}, {"p95"}};
  if (with_pool) columns.insert(columns.begin(), Column{"pool"});
  return columns;
}

}  // namespace qm::cli
