// What an observer was told, for tests to look at.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <quartermaster/observer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace qm::test {

// The events in words: operation, name, rows and SQLSTATE.
class EventRecord final : public Observer {
 public:
  void on_query(const QueryEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    std::string line = std::string(to_string(event.operation)) + " " + std::string(event.name);
    if (event.rows != 0) line += " " + std::to_string(event.rows);
    if (event.error != nullptr) line += " failed " + std::string(event.sqlstate);
    lines_.push_back(line);
    pids_.push_back(event.backend_pid);
    longest_ = std::max(longest_, event.duration);
  }
  void on_note(const NoteEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    lines_.push_back("note " + std::string(event.area) + " " + std::string(event.message));
  }

  // All since the last call.
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }
  int last_pid() {
    const std::lock_guard lock(mutex_);
    return pids_.empty() ? 0 : pids_.back();
  }
  std::chrono::nanoseconds longest() {
    const std::lock_guard lock(mutex_);
    return longest_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<int> pids_;
  std::chrono::nanoseconds longest_{0};
};

}  // namespace qm::test
