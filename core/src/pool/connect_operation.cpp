// See connect_operation.hpp.
#include "pool/connect_operation.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>

namespace qm::pool {

void FinishConnection::operator()(PGconn* connection) const noexcept {
  PQfinish(connection);
}

ConnectOperation::ConnectOperation(const Conninfo& info, Deadline deadline)
    : info_(info), deadline_(deadline), attempt_end_(deadline), attempt_begin_(deadline) {}

int ConnectOperation::fd() const noexcept {
  return connection_ ? PQsocket(connection_.get()) : -1;
}

// Several hosts: the reasons of all are told.
void ConnectOperation::record(ConnectFailure failure) {
  connection_.reset();
  if (!failure_) {
    failure_ = std::move(failure);
    return;
  }
  failure_->report.problem += "; " + failure.report.text();
  failure_->definitive = failure.definitive;
  failure_->sqlstate = failure.sqlstate;
}

bool ConnectOperation::start_attempt(Deadline now) {
  if (next_attempt_ == info_.attempts.size()) return false;
  const auto hosts_left = static_cast<Deadline::rep>(info_.attempts.size() - next_attempt_);
  const ConnectParams& params = info_.attempts[next_attempt_++];
  attempt_begin_ = now;
  attempt_end_ = deadline_ == never ? never : now + (deadline_ - now) / hosts_left;
  if (info_.attempt_timeout) {
    attempt_end_ = std::min(attempt_end_, after(*info_.attempt_timeout, now));
  }
  connection_.reset(PQconnectStartParams(params.keywords().data(), params.values().data(), 0));
  if (!connection_) throw std::bad_alloc();
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
  // Until the caller installs its own: libpq's default writes to standard error.
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  if (PQstatus(connection_.get()) == CONNECTION_BAD) record(connect_failure(connection_.get()));
  return true;
}

Wait ConnectOperation::resume(Deadline now) {
  for (;;) {
    if (!connection_) {
      // As in libpq, a server's definite refusal is the answer; other hosts are not asked.
      if ((failure_ && failure_->definitive) || !start_attempt(now)) return Wait::done;
      if (!connection_) continue;
      return Wait::write;  // as the documentation of PQconnectPoll asks for
    }
    // Before PQconnectPoll, which takes a call for the socket's readiness.
    if (now >= attempt_end_) {
      const auto waited =
          std::chrono::duration_cast<std::chrono::milliseconds>(now - attempt_begin_);
      record({.report = {.object = "connection to " + describe_server(connection_.get()),
                         .problem = fmt::format("no answer within {} ms", waited.count())}});
      continue;
    }
    const auto state = PQconnectPoll(connection_.get());
    if (state == PGRES_POLLING_OK) {
      PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
      return Wait::done;
    }
    if (state == PGRES_POLLING_FAILED) {
      record(connect_failure(connection_.get()));
      continue;
    }
    return state == PGRES_POLLING_READING ? Wait::read : Wait::write;
  }
}

ConnectionHandle connect(ConnectOperation& operation) {
  for (;;) {
    const Wait wanted = operation.resume(Clock::now());
    if (wanted == Wait::done) return operation.take();
    wait(operation.fd(), wanted, operation.wait_until());
  }
}

}  // namespace qm::pool
