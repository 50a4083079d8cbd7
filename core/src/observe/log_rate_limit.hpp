// Bounds what one failing or slow query can write: so many records of each kind per query name and
// stretch of time; the rest is counted and told with the next record that is let through.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace qm::observe {

// Thread-safe. Keeps the names last used; the count of a name that is forgotten goes with it.
class LogRateLimit {
 public:
  enum class Kind : std::uint8_t { slow, error };
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::uint32_t max_records = 10;
  static constexpr std::chrono::seconds window{10};
  static constexpr std::size_t max_names = 1024;

  // How many records were left out since the last one let through; nothing when this one is to be
  // left out too.
  std::optional<std::uint64_t> admit(std::string_view name, Kind kind, Time now);
  std::size_t names() const;

 private:
  struct Window {
    Time start{};
    std::uint32_t records = 0;  // 0: none open
    std::uint64_t suppressed = 0;
  };
  struct Entry {
    std::string name;
    std::array<Window, 2> windows;  // by Kind
  };

  Entry& entry(std::string_view name);

  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // last used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_name_;
};

}  // namespace qm::observe
