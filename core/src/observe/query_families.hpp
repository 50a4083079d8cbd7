// The db_query_* metrics: counts statements by query and makes the families. One per Metrics; its
// observer keeps it alive. Not for pools: pool_families.hpp.
#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <quartermaster/observer.hpp>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace qm::observe {

// Atomics of our own rather than prometheus::Histogram, which takes a mutex for each observation.
// A collection while statements run may see one in the count and not yet in the sum.
class QueryMetrics final : public Observer {
 public:
  static constexpr std::array<double, 14> bounds{.00005, .0001, .00025, .0005, .001, .0025, .005,
                                                 .01,    .05,   .1,     .5,    1,    5,     10};
  static constexpr std::size_t max_queries = 1000;      // label values; the rest is "other"
  static constexpr std::size_t max_label_size = 256;    // longer names are "other"
  static constexpr std::size_t max_error_classes = 50;  // of one query; the rest is "other"

  QueryMetrics();
  ~QueryMetrics() override;

  void on_query(const QueryEvent& event) noexcept override;
  void on_note(const NoteEvent&) noexcept override {}

  std::vector<prometheus::MetricFamily> collect() const;

 private:
  static constexpr std::size_t operations = static_cast<std::size_t>(Operation::upkeep) + 1;

  struct Durations {
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts{};
    std::atomic<std::uint64_t> sum_nanoseconds{0};
  };
  struct Series {
    std::string query{};
    std::string plugin{};
    std::array<Durations, operations> durations{};
    std::atomic<std::uint64_t> rows{0};
    mutable std::mutex errors_mutex{};
    std::map<std::string, std::uint64_t, std::less<>> errors{};  // by SQLSTATE class
  };

  // What a RegisteredQuery::index leads to without a lock: pages are added and never removed.
  struct Known {
    const RegisteredQuery* query;
    Series* series;
  };
  static constexpr std::size_t page_size = 256;
  static constexpr std::size_t max_pages = 256;
  using Page = std::array<std::atomic<const Known*>, page_size>;

  Series& series_of(const QueryEvent& event);
  Series& series_named(std::string_view name, std::string_view plugin);
  const Known* known(const RegisteredQuery& query) const noexcept;
  void remember(const RegisteredQuery& query, Series& series);
  static void count_error(Series& series, std::string_view sqlstate);

  std::array<std::atomic<Page*>, max_pages> pages_{};
  Series other_{.query = "other"};
  mutable std::shared_mutex mutex_;  // for what follows
  std::map<std::string, std::unique_ptr<Series>, std::less<>> by_name_;
  std::vector<std::unique_ptr<Page>> owned_pages_;
  std::vector<std::unique_ptr<const Known>> owned_known_;
};

}  // namespace qm::observe
