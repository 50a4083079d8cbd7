// One open connection with all that belongs to it: libpq's handle, the prepared statements, the
// way to cancel. What the operations work on and what Connection hides. One thread at a time,
// but for `cancel` and `last_statement`.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <quartermaster/connection.hpp>
#include <quartermaster/observer.hpp>
#include <string>

#include "pool/cancel_request.hpp"
#include "pool/connect_operation.hpp"
#include "pool/session_counts.hpp"
#include "pool/statement_cache.hpp"

namespace qm::pool {

// What the connection ran last, for the leak report: written by the caller's thread, read by the
// pool's.
class LastStatement {
 public:
  void set(const RegisteredQuery& query) noexcept {
    query_.store(&query, std::memory_order_release);
  }
  void set(std::string_view sql);
  void clear() noexcept { query_.store(nothing(), std::memory_order_release); }
  std::string text() const;  // "" when it ran nothing since clear()

 private:
  static const RegisteredQuery* nothing() noexcept;

  std::atomic<const RegisteredQuery*> query_{nothing()};  // null: text_ has it
  mutable std::mutex mutex_;
  std::string text_;
};

}  // namespace qm::pool

namespace qm::detail {

// What an event loop keeps about a session while it waits for it (event_loop_socket.hpp).
struct EventLoopRegistration {
  EventLoopRegistration() = default;
  EventLoopRegistration(const EventLoopRegistration&) = delete;
  EventLoopRegistration& operator=(const EventLoopRegistration&) = delete;
  virtual ~EventLoopRegistration() = default;
};

struct Session {
  Session(pool::ConnectionHandle handle, const ConnectionOptions& options, ObserverPtr sink);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  bool is_broken() const noexcept;
  int fd() const noexcept;
  Connection::TransactionStatus transaction_status() const noexcept;

  // Without a round trip: false when the peer has closed or the connection has failed.
  bool appears_alive() noexcept;
  // One round trip with an empty statement. False when no answer came by the deadline or the
  // connection broke; it is broken then.
  bool ping(Deadline deadline);
  // Whether somebody else answers than the server process that the connection was told of, as
  // behind pgbouncer and its like: one round trip. False as well when no answer comes.
  bool is_behind_pooler(Deadline deadline);
  // Ends an open transaction, so that the next borrower finds none. False: discard it.
  bool make_reusable(Deadline deadline);

  pool::ConnectionHandle connection;
  pool::StatementCache statements;
  std::optional<std::chrono::milliseconds> query_timeout;
  ObserverPtr observer;
  pool::CancelHandle cancel;
  pool::LastStatement last_statement;
  pool::SessionCounts counts;
  std::string sql;      // libpq wants a terminator, which a string_view does not have
  bool broken = false;  // not to be used again, whatever libpq thinks of it
  std::unique_ptr<EventLoopRegistration> event_loop;  // ends before the connection does

 private:
  bool run_quietly(const char* script, Deadline deadline);
};

}  // namespace qm::detail
