// One connection to a server, as lent by a Pool or opened on its own. Blocking calls over
// nonblocking libpq; not thread-safe: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <quartermaster/executor.hpp>
#include <quartermaster/observer.hpp>
#include <span>
#include <string>
#include <vector>

namespace qm {

namespace detail {
class AsyncCall;
class PoolCore;
struct Session;
}  // namespace detail
namespace pool {
class AcquireOperation;
}

struct ConnectionOptions {
  // URL or key=value string, parsed by libpq. Several hosts are tried in turn, each with its share
  // of the time. Where it says nothing else: keepalives and tcp_user_timeout for TCP. The client
  // encoding is UTF-8 whatever it says.
  std::string url;
  std::uint32_t statement_cache_capacity = 512;  // per connection, LRU; 0 = unnamed only
  std::optional<std::chrono::milliseconds> query_timeout{};
  std::string application_name = "quartermaster";  // used when the url does not set one
};

// What NOTIFY sent to a channel that the session listens on.
struct Notification {
  std::string channel;
  std::string payload;
  int backend_pid = 0;  // of the session that sent it

  friend bool operator==(const Notification&, const Notification&) = default;
};

// What a statement takes and gives, as the server sees it. A column of a domain has its base type.
struct StatementDescription {
  struct Column {
    std::string name;
    Oid type = 0;
  };
  std::vector<Oid> parameters;
  std::vector<Column> columns;
};

class QM_API Connection final : public Executor {
 public:
  // Throws ConfigError when the url cannot be read, ConnectError (with the server's or libpq's
  // reason, never the password) when no connection is there by the deadline.
  static std::unique_ptr<Connection> open(const ConnectionOptions& options, Deadline deadline,
                                          ObserverPtr observer = {});
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // All of these: when the deadline (none: query_timeout) passes, the statement is cancelled and
  // its remains are read for up to a second, so that the connection can go on; QueryTimeout. A
  // statement that finished before the cancel reached it gives its result all the same: its
  // effects are there.
  Result execute(const RegisteredQuery& query, const ParamView& params,
                 const CallOptions& options = {}) override;
  Result execute(std::string_view sql, const ParamView& params = {},
                 const CallOptions& options = {}, std::string_view name = "ad-hoc") override;
  std::vector<Result> execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                    const CallOptions& options = {}) override;
  std::int64_t stream(const RegisteredQuery& query, const ParamView& params, RowSink& sink,
                      const CallOptions& options = {}) override;
  std::int64_t copy_from(const RegisteredQuery& query, ParamRows& rows,
                         const CallOptions& options = {}) override;
  // Runs `copy ... to stdout` and hands its data over as it arrives, a line or a binary row at a
  // time, in the statement's format; see stream() for how it ends when `take` returns false or
  // throws. Gives back the number of rows, 0 when it was left.
  std::int64_t copy_out(std::string_view sql,
                        const std::function<bool(std::string_view data)>& take,
                        const CallOptions& options = {}, std::string_view name = "copy");
  // Runs `copy ... from stdin` with data in the statement's format: `next` is asked for piece after
  // piece, each valid until it is asked again, until one is empty. Gives back the number of rows;
  // when `next` throws, none is written, and that is thrown on.
  std::int64_t copy_in(std::string_view sql, const std::function<std::string_view()>& next,
                       const CallOptions& options = {}, std::string_view name = "copy");
  // Any number of statements separated by semicolons, without parameters, as the simple protocol
  // runs them: one implicit transaction. Gives back the last result, in text format; throws the
  // first error.
  Result execute_script(std::string_view sql, const CallOptions& options = {},
                        std::string_view name = "script");
  // Prepares one statement and has the server describe it; nothing is executed.
  // `parameter_types`: 0, or none at all, lets the server infer. Throws as execute() does.
  StatementDescription describe(std::string_view sql, std::span<const Oid> parameter_types = {},
                                const CallOptions& options = {},
                                std::string_view name = "describe");

  // What has been notified since the last call: what came along with other statements, and what the
  // socket has; never waits. Empty but after LISTEN. Throws ConnectionLost.
  std::vector<Notification> take_notifications();
  // Waits for the next notifications until the deadline; empty when none came. Throws
  // ConnectionLost. quartermaster/listener.hpp does so for good.
  std::vector<Notification> wait_for_notifications(Deadline deadline);
  // For poll(), to wait for notifications with something else; -1 when there is none any more.
  int socket() const noexcept;

  enum class TransactionStatus : std::uint8_t { idle, active, in_transaction, failed, unknown };
  TransactionStatus transaction_status() const noexcept;
  bool is_broken() const noexcept;  // no further use; the pool discards it
  int backend_pid() const noexcept;
  int server_version() const noexcept;                          // 150018
  std::string parameter_status(const std::string& name) const;  // "" when the server sent none

 private:
  friend class detail::AsyncCall;
  friend class detail::PoolCore;
  friend class pool::AcquireOperation;
  friend class Transaction;
  explicit Connection(std::unique_ptr<detail::Session> session);
  // A statement of the transaction's own, reported as what it is.
  Result control(Operation operation, std::string_view sql, const CallOptions& options);

  std::unique_ptr<detail::Session> session_;
};

}  // namespace qm
