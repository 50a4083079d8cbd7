// What the pool's tests share: configurations, an observer that remembers, and waiting for what
// another thread or the server does.
#pragma once

#include <algorithm>
#include <mutex>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/row.hpp>
#include <string>
#include <vector>

#include "becomes_true.hpp"
#include "database_text.hpp"
#include "test_database.hpp"

namespace qm::test {

inline DatabaseConfig settings(const std::string& url, std::uint32_t max_conns = 3) {
  DatabaseConfig database;
  database.url = url;
  database.max_conns = max_conns;
  return database;
}

inline bool has_waiters(const Pool& pool, std::uint32_t count) {
  return becomes_true([&] { return pool.stats().waiters == count; });
}

// For what lasts less than becomes_true() sleeps.
template <class Condition>
bool becomes_at_once(const Condition& condition) {
  const auto end = Clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (Clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

class Notes final : public Observer {
 public:
  void on_query(const QueryEvent& /*event*/) noexcept override {}
  void on_note(const NoteEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    texts_.emplace_back(event.message);
  }
  bool contain(const std::string& part) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(texts_.begin(), texts_.end(), [&](const std::string& text) {
      return text.find(part) != std::string::npos;
    });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

// Ends the server's process of that connection, and returns when it is gone.
inline void terminate(const std::string& url, int backend_pid) {
  const auto admin = connect(url);
  const std::string pid = std::to_string(backend_pid);
  column(*admin, "select pg_terminate_backend(" + pid + ")");
  if (!becomes(*admin, "select count(*) from pg_stat_activity where pid = " + pid, "0")) {
    throw std::runtime_error("backend " + pid + " does not end");
  }
}

}  // namespace qm::test
