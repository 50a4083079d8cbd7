// make_log_observer() with a clock that a test can hold. Not for others: they take logging.hpp.
#pragma once

#include <chrono>
#include <functional>
#include <quartermaster/logging.hpp>

namespace qm::observe {

struct LogClocks {
  std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
  std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
};

ObserverPtr make_log_observer(const LogConfig& config, LogClocks clocks);

}  // namespace qm::observe
