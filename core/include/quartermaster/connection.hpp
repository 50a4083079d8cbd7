// One connection to a server, as lent by a Pool or opened on its own. Blocking calls over
// nonblocking libpq; not thread-safe: one thread at a time.
#pragma once

#include <memory>
#include <quartermaster/executor.hpp>
#include <quartermaster/observer.hpp>
#include <string>

namespace qm {

struct ConnectionOptions {
  std::string url;                               // URL or key=value string, parsed by libpq
  std::uint32_t statement_cache_capacity = 512;  // per connection, LRU; 0 = unnamed only
  std::optional<std::chrono::milliseconds> query_timeout{};
  std::string application_name = "quartermaster";  // used when the url does not set one
};

class QM_API Connection final : public Executor {
 public:
  // Throws ConnectError (with the server's or libpq's reason, never the password) when no
  // connection is there by the deadline.
  static std::unique_ptr<Connection> open(const ConnectionOptions& options, Deadline deadline,
                                          ObserverPtr observer = {});
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result execute(const RegisteredQuery& query, const ParamView& params,
                 const CallOptions& options = {}) override;
  Result execute(std::string_view sql, const ParamView& params = {},
                 const CallOptions& options = {}, std::string_view name = "ad-hoc") override;
  // Any number of statements separated by semicolons, without parameters, as the simple protocol
  // runs them: one implicit transaction. Gives back the last result.
  Result execute_script(std::string_view sql, const CallOptions& options = {},
                        std::string_view name = "script");

  enum class TransactionStatus : std::uint8_t { idle, active, in_transaction, failed, unknown };
  TransactionStatus transaction_status() const noexcept;
  bool is_broken() const noexcept;  // no further use; the pool discards it
  int backend_pid() const noexcept;
  int server_version() const noexcept;                          // 150018
  std::string parameter_status(const std::string& name) const;  // "" when the server sent none

 private:
  friend class Pool;
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace qm
