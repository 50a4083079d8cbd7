// What a running host answers to operators over HTTP: /metrics for Prometheus, /healthz (the
// process is alive), /readyz (it can do its work). `serve` and `demo` use it.
#pragma once

#include <memory>
#include <quartermaster/host.hpp>
#include <quartermaster/http_server.hpp>
#include <quartermaster/metrics.hpp>
#include <quartermaster/pool.hpp>

#include "cli/node.hpp"

namespace qm::cli {

// Whether the host can do its work, and all that speaks against it. Thread-safe.
struct Readiness {
  bool ready = false;
  Node::Object details;
};
Readiness readiness(Host& host);

// A pool among the metrics, which read it at each collection, and so not once it is gone.
class PoolMetrics {
 public:
  PoolMetrics(Metrics& metrics, Pool& pool) : metrics_(metrics), pool_(pool) {
    metrics_.add_pool(pool_);
  }
  ~PoolMetrics() { metrics_.remove_pool(pool_); }
  PoolMetrics(const PoolMetrics&) = delete;
  PoolMetrics& operator=(const PoolMetrics&) = delete;

 private:
  Metrics& metrics_;
  Pool& pool_;
};

// Listens at once; host and metrics must outlive the server. Throws as HttpServer does.
std::unique_ptr<HttpServer> serve_status(const HttpConfig& config, Host& host, Metrics& metrics);

// The three addresses below the server's.
Node::Object endpoint_record(const HttpServer& server);

}  // namespace qm::cli
