// What a query runs on: a Pool (acquires, runs, releases), a Connection or a Transaction. Typed
// clients take an Executor&, so that the same call works on all three.
#pragma once

#include <chrono>
#include <optional>
#include <quartermaster/params.hpp>
#include <quartermaster/query.hpp>
#include <quartermaster/result.hpp>
#include <string_view>

namespace qm {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

struct CallOptions {
  // When the call must have ended, waiting for a connection included. None: the configured
  // query_timeout (and acquire_timeout for the wait).
  std::optional<Deadline> deadline{};
};

class QM_API Executor {
 public:
  virtual ~Executor();

  // Runs a registered query as a named prepared statement, prepared on first use in each
  // connection. Throws ServerError, QueryTimeout, ConnectionLost, ProtocolError, and on a Pool
  // PoolError and ConnectError.
  virtual Result execute(const RegisteredQuery& query, const ParamView& params,
                         const CallOptions& options = {}) = 0;

  // Runs one ad-hoc statement with $1..$n, unnamed, results in binary format. `name` labels it in
  // logs, metrics and errors. Same errors.
  virtual Result execute(std::string_view sql, const ParamView& params = {},
                         const CallOptions& options = {}, std::string_view name = "ad-hoc") = 0;

 protected:
  Executor() = default;
  Executor(const Executor&) = default;
  Executor& operator=(const Executor&) = default;
};

}  // namespace qm
