// See log_rate_limit.hpp.
#include "observe/log_rate_limit.hpp"

#include <utility>

namespace qm::observe {

std::optional<std::uint64_t> LogRateLimit::admit(std::string_view name, Kind kind, Time now) {
  const std::lock_guard lock(mutex_);
  Window& current = entry(name).windows[static_cast<std::size_t>(kind)];
  if (current.records == 0 || now - current.start >= window) {
    current.start = now;
    current.records = 0;
  }
  if (current.records == max_records) {
    ++current.suppressed;
    return std::nullopt;
  }
  ++current.records;
  return std::exchange(current.suppressed, 0);
}

std::size_t LogRateLimit::names() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

LogRateLimit::Entry& LogRateLimit::entry(std::string_view name) {
  if (const auto found = by_name_.find(name); found != by_name_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() == max_names) {
    by_name_.erase(entries_.back().name);
    entries_.pop_back();
  }
  // The keys view the names in the list, whose elements do not move.
  entries_.push_front({std::string(name), {}});
  by_name_.emplace(entries_.front().name, entries_.begin());
  return entries_.front();
}

}  // namespace qm::observe
