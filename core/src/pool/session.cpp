// See session.hpp.
#include "pool/session.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <string_view>

#include "pool/statement_operation.hpp"
#include "pool/wait.hpp"

namespace qm::pool {

// A leak report needs to recognise the statement, not to repeat all of it.
constexpr std::size_t shown_sql = 200;

void LastStatement::set(std::string_view sql) {
  const std::lock_guard lock(mutex_);
  text_.assign(sql.substr(0, shown_sql));
  query_.store(nullptr, std::memory_order_release);
}

std::string LastStatement::text() const {
  const RegisteredQuery* query = query_.load(std::memory_order_acquire);
  if (query == nothing()) return {};
  if (query != nullptr) return query->full_name;
  const std::lock_guard lock(mutex_);
  return text_;
}

const RegisteredQuery* LastStatement::nothing() noexcept {
  static const RegisteredQuery none;
  return &none;
}

}  // namespace qm::pool

namespace qm::detail {
namespace {

Severity severity_of(std::string_view severity) {
  if (severity == "WARNING" || severity == "FATAL" || severity == "PANIC") return Severity::warning;
  return severity.starts_with("DEBUG") ? Severity::debug : Severity::info;
}

void receive_notice(void* observer, const PGresult* notice) {
  const char* message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (message == nullptr) return;
  static_cast<Observer*>(observer)->on_note(
      {severity_of(severity != nullptr ? severity : ""), "server", message});
}

void ignore_notice(void* /*observer*/, const PGresult* /*notice*/) {}

}  // namespace

Session::Session(pool::ConnectionHandle handle, const ConnectionOptions& options, ObserverPtr sink)
    : connection(std::move(handle)),
      statements(options.statement_cache_capacity),
      query_timeout(options.query_timeout),
      observer(std::move(sink)),
      cancel(pool::cancel_handle(connection.get())) {
  PQsetnonblocking(connection.get(), 1);
  PQsetNoticeReceiver(connection.get(), observer ? receive_notice : ignore_notice, observer.get());
}

bool Session::is_broken() const noexcept {
  return broken || PQstatus(connection.get()) == CONNECTION_BAD;
}

int Session::fd() const noexcept {
  return PQsocket(connection.get());
}

Connection::TransactionStatus Session::transaction_status() const noexcept {
  using Status = Connection::TransactionStatus;
  switch (PQtransactionStatus(connection.get())) {
    case PQTRANS_IDLE:
      return Status::idle;
    case PQTRANS_ACTIVE:
      return Status::active;
    case PQTRANS_INTRANS:
      return Status::in_transaction;
    case PQTRANS_INERROR:
      return Status::failed;
    case PQTRANS_UNKNOWN:
      break;
  }
  return Status::unknown;
}

bool Session::appears_alive() noexcept {
  if (is_broken()) return false;
  pollfd entry{fd(), POLLIN | POLLRDHUP, 0};
  if (::poll(&entry, 1, 0) == 0) return true;
  if ((entry.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0) {
    broken = true;
    return false;
  }
  // A notice, a changed parameter or a notification: nothing wrong.
  broken = PQconsumeInput(connection.get()) == 0;
  return !broken;
}

bool Session::run_quietly(const char* script, Deadline deadline) {
  pool::StatementOperation operation(connection.get());
  operation.script(script);
  if (!pool::drive(operation, deadline)) {
    broken = true;
    return false;
  }
  broken = broken || operation.connection_broken() || is_broken();
  return !broken && !operation.failure();
}

bool Session::ping(Deadline deadline) {
  return run_quietly("", deadline);
}

bool Session::is_behind_pooler(Deadline deadline) {
  pool::StatementOperation operation(connection.get());
  operation.script("select pg_backend_pid()");
  if (!pool::drive(operation, deadline) || operation.connection_broken()) {
    broken = true;
    return false;
  }
  if (operation.failure()) return false;
  const Result result = operation.take_result();
  const Field pid = result.field(0, 0);
  return std::string_view(pid.data, static_cast<std::size_t>(pid.size)) !=
         std::to_string(PQbackendPID(connection.get()));
}

bool Session::make_reusable(Deadline deadline) {
  if (is_broken()) return false;
  switch (transaction_status()) {
    case Connection::TransactionStatus::idle:
      return true;
    case Connection::TransactionStatus::in_transaction:
    case Connection::TransactionStatus::failed:
      return run_quietly("rollback", deadline) &&
             transaction_status() == Connection::TransactionStatus::idle;
    case Connection::TransactionStatus::active:
    case Connection::TransactionStatus::unknown:
      break;
  }
  return false;
}

}  // namespace qm::detail
