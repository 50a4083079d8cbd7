// The observer that writes log records through Boost.Log, as text or JSON lines. Not for metrics
// (metrics.hpp); the CLI and host applications attach it to a Host with combine().
#pragma once

#include <quartermaster/config.hpp>
#include <quartermaster/observer.hpp>

namespace qm {

// Slow statements become warnings, failed ones errors, the rest debug records. Throws ConfigError
// when config.file cannot be opened for appending. Thread-safe. Each observer has its own sink,
// removed with it.
QM_API ObserverPtr make_log_observer(const LogConfig& config);

}  // namespace qm
