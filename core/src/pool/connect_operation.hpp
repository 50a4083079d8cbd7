// Opening a connection without blocking: PQconnectPoll over each host in turn, each within its
// share of the time. Driven from outside like every operation; resolving a host name is the one
// thing that libpq does not do without blocking.
#pragma once

#include <memory>
#include <optional>

#include "pool/conninfo.hpp"
#include "pool/failure.hpp"
#include "pool/wait.hpp"

struct pg_conn;

namespace qm::pool {

struct FinishConnection {
  void operator()(pg_conn* connection) const noexcept;
};
using ConnectionHandle = std::unique_ptr<pg_conn, FinishConnection>;

class ConnectOperation {
 public:
  // The conninfo must outlive the operation. At the deadline the whole of it has failed.
  ConnectOperation(const Conninfo& info, Deadline deadline);

  // Goes on as far as it can. Call again when fd() is ready as told or wait_until() has come, and
  // not before; `now` is the time of the call.
  Wait resume(Deadline now);
  int fd() const noexcept;
  Deadline wait_until() const noexcept { return attempt_end_; }

  // After Wait::done: the connection, or null and the reason.
  ConnectionHandle take() noexcept { return std::move(connection_); }
  const std::optional<ConnectFailure>& failure() const noexcept { return failure_; }

 private:
  bool start_attempt(Deadline now);
  void record(ConnectFailure failure);

  const Conninfo& info_;
  Deadline deadline_;
  Deadline attempt_end_;
  Deadline attempt_begin_;
  std::size_t next_attempt_ = 0;
  ConnectionHandle connection_;
  std::optional<ConnectFailure> failure_;
};

// The blocking driver: the connection, or null and failure().
ConnectionHandle connect(ConnectOperation& operation);

}  // namespace qm::pool
