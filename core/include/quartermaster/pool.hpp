// The connection pool. Thread-safe throughout. Acquire, release and upkeep follow docs/pool.md.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <quartermaster/config.hpp>
#include <quartermaster/connection.hpp>
#include <quartermaster/executor.hpp>
#include <quartermaster/observer.hpp>
#include <string>

namespace qm {

// What an application adds to the life of a pool's connections. Each may be empty, is called
// without any lock held, by several threads at a time where the pool is used by several, and must
// not use the pool itself. What one throws is never lost: see each.
struct PoolHooks {
  // Before a connection is opened, on the pool's own thread: may change the url, for a password
  // that expires or a primary that moved. It delays other connects and upkeep: look things up
  // beforehand. A throw is a failed connect.
  std::function<void(std::string& url)> before_connect{};
  // Once a connection is open, before it is lent for the first time, on the same thread: sets the
  // session up. A throw is a failed connect.
  std::function<void(Connection&)> after_connect{};
  // Before a connection is lent, on the caller's thread. False: it is destroyed, and the caller
  // gets another one or waits for it. So it is after a throw, which reaches the caller.
  std::function<bool(Connection&)> before_acquire{};
  // When a usable connection comes back, on the thread that gives it back. False, or a throw, which
  // is noted: it is destroyed.
  std::function<bool(Connection&)> after_release{};
  // Before a connection that still works is closed. A throw is noted.
  std::function<void(Connection&)> before_close{};
};

struct PoolConfig {
  DatabaseConfig database;
  std::string name = "main";  // label of metrics and log records
  std::chrono::milliseconds start_timeout{
      std::chrono::seconds{30}};  // wait for the first connection
  PoolHooks hooks{};
};

// Checks the ranges and fills in what 0 stands for. Throws ConfigError.
QM_API PoolConfig pool_config(const DatabaseConfig& database);

// Where a call is written, small enough for two registers. (std::source_location is missing from
// Clang 14 with GCC's library.)
struct CallSite {
  const char* file = "";
  std::uint32_t line = 0;

  static constexpr CallSite here(const char* file = __builtin_FILE(),
                                 std::uint32_t line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

struct DurationHistogram {
  // Upper bounds in seconds: 1 us .. 30 s, log-spaced; counts has one more for the rest.
  static constexpr std::array<double, 23> bounds{
      1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3,
      1e-2, 2.5e-2, 5e-2, 1e-1, 2.5e-1, 5e-1, 1.0,  2.5,    5.0,  10.0, 30.0};
  std::array<std::uint64_t, 24> counts{};
  double sum_seconds = 0;
};

// A consistent reading: taken under the pool's lock. Meanings: docs/pool.md.
struct PoolStats {
  std::uint64_t acquire_total = 0;
  std::uint64_t canceled_acquire_total = 0;
  std::uint64_t empty_acquire_total = 0;
  std::uint64_t new_conns_total = 0;
  std::uint64_t max_lifetime_destroy_total = 0;
  std::uint64_t max_idle_destroy_total = 0;
  std::uint32_t acquired_conns = 0;
  std::uint32_t constructing_conns = 0;
  std::uint32_t idle_conns = 0;
  std::uint32_t total_conns = 0;
  std::uint32_t max_conns = 0;
  DurationHistogram acquire_duration_seconds;
  // Beyond the twelve.
  std::uint64_t failed_acquire_timeout_total = 0;
  std::uint64_t failed_acquire_closed_total = 0;
  std::uint64_t failed_acquire_connect_total = 0;
  std::uint64_t upkeep_errors_total = 0;
  std::uint64_t leak_reports_total = 0;
  std::uint64_t broken_destroy_total = 0;
  std::uint32_t waiters = 0;
  DurationHistogram wait_duration_seconds;     // in the queue, of acquires that had to wait
  DurationHistogram connect_duration_seconds;  // of connects that succeeded
  DurationHistogram check_duration_seconds;    // of connections that passed
  // From lending to return. Read from a clock with ticks of 4 ms: what is shorter counts as none or
  // as one tick, right on average.
  DurationHistogram use_duration_seconds;
  // Of connections that have come back at least once since; what is lent now adds its part then.
  std::uint64_t statement_hits_total = 0;    // calls of registered queries that were prepared
  std::uint64_t statement_misses_total = 0;  // and of those that had to be prepared first
  std::uint64_t sent_bytes_total = 0;        // values of parameters, data of COPY
  std::uint64_t received_bytes_total = 0;    // results as libpq holds them, data of COPY
};

enum class HealthState : std::uint8_t { ok, saturated, down, closed };
QM_API const char* to_string(HealthState state) noexcept;

struct HealthReport {
  HealthState state = HealthState::down;
  std::string reason;  // empty when ok
  std::chrono::nanoseconds latency{0};
};

class AsyncExecutor;
class Pool;

// A lent connection; goes back on destruction. Movable. May outlive the Pool: what comes back after
// close() is destroyed then.
class QM_API PooledConnection {
 public:
  PooledConnection() noexcept = default;
  PooledConnection(PooledConnection&& other) noexcept;
  PooledConnection& operator=(PooledConnection&& other) noexcept;
  ~PooledConnection();

  Connection& operator*() const noexcept { return *connection_; }
  Connection* operator->() const noexcept { return connection_; }
  explicit operator bool() const noexcept { return connection_ != nullptr; }
  void release() noexcept;  // gives it back now

 private:
  friend class detail::PoolCore;
  PooledConnection(detail::PoolCore& pool, Connection& connection, std::uint32_t slot) noexcept;

  Connection* connection_ = nullptr;
  detail::PoolCore* pool_ = nullptr;
  std::uint32_t slot_ = 0;
};

class QM_API Pool final : public Executor {
 public:
  // Waits for the first connection up to start_timeout, then opens min_conns. Throws ConfigError,
  // and ConnectError with the reason: at once when trying again cannot help (wrong password,
  // unknown database), else when the time is up.
  explicit Pool(PoolConfig config, ObserverPtr observer = {});
  ~Pool() override;  // close()

  // Waits for a connection until the deadline (none: acquire_timeout). Throws AcquireTimeout,
  // PoolClosed, ConnectError.
  PooledConnection acquire(std::optional<Deadline> deadline = {},
                           CallSite where = CallSite::here());

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

  PoolStats stats() const;
  const PoolConfig& config() const noexcept;

  // Destroys idle connections now and lent ones on return.
  void reset();
  // Refuses new work and wakes waiters at once, waits up to `drain` for lent connections, then
  // cancels what they run. Idempotent. Called by the destructor.
  void close(std::chrono::milliseconds drain = std::chrono::seconds{10});

 private:
  friend class AsyncExecutor;
  std::shared_ptr<detail::PoolCore> core_;
};

// Acquire and `SELECT 1` within 2 s. A pool whose connections are all busy is saturated, not down.
QM_API HealthReport health(Pool& pool);
QM_API PoolStats stats(const Pool& pool);

}  // namespace qm
