// Prometheus metrics of pools and queries: docs/metrics.md lists them. Not for serving them, which
// is http_server.hpp.
#pragma once

#include <memory>
#include <quartermaster/observer.hpp>
#include <quartermaster/pool.hpp>
#include <string>

namespace qm {

// Thread-safe.
class QM_API Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The pool's twelve db_pool_* metrics and what goes beyond them, labelled with its name and read
  // from Pool::stats() at each collection. The pool must outlive this, or be removed first. Throws
  // ConfigError when another pool has that name; adding one twice does nothing.
  void add_pool(const Pool& pool);
  void remove_pool(const Pool& pool);

  // Counts the statements it is told of, by query.
  ObserverPtr observer() const;

  // All metrics in the Prometheus text exposition format 0.0.4.
  std::string text() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace qm
