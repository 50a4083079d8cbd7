// The pool itself: PoolState under a lock, the connections in its slots, and what has to happen
// outside the lock: checking, destroying, waiting. Connecting and upkeep run on the keeper's thread
// (keeper.hpp). Shared with that thread and with whoever still holds a connection.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "pool/connect_operation.hpp"
#include "pool/conninfo.hpp"
#include "pool/event_fd.hpp"
#include "pool/failure.hpp"
#include "pool/pool_state.hpp"

namespace qm::pool {
class AcquireOperation;
}

namespace qm::detail {

class PoolCore : public std::enable_shared_from_this<PoolCore> {
 public:
  PoolCore(PoolConfig config, ObserverPtr observer);
  ~PoolCore();
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;

  // Starts the keeper and waits for the first connection.
  void start();

  PooledConnection acquire(std::optional<Deadline> deadline, CallSite where);
  // The first step of an acquire: a connection that is there at once, or none, and what an
  // AcquireOperation goes on from. Without before_acquire.
  PooledConnection begin_acquire(pool::Waiter& waiter, pool::Acquisition& begun, CallSite where);
  // False: before_acquire does not want it, it is to be given back.
  bool accepts(PooledConnection& lent) const;
  void release(pool::Slot slot, Connection& connection) noexcept;
  PoolStats stats() const;
  bool is_closed() const noexcept;
  static Session& session_of(Connection& connection) noexcept { return *connection.session_; }
  const PoolConfig& config() const noexcept { return config_; }
  const ObserverPtr& observer() const noexcept { return observer_; }
  void reset();
  void close(std::chrono::milliseconds drain);

 private:
  friend class Keeper;
  friend class pool::AcquireOperation;
  class Section;

  struct Member {
    std::unique_ptr<Connection> connection;
    CallSite where;  // that lent it last
  };

  PooledConnection acquire_any(std::optional<Deadline> deadline, CallSite where);
  PooledConnection acquire_slowly(pool::Waiter& waiter, const pool::Acquisition& begun,
                                  std::optional<Deadline> deadline, CallSite where);
  PooledConnection lend(pool::Slot slot, CallSite where);
  bool repair(pool::Slot slot, Connection& connection) noexcept;
  bool keeps(Connection& connection) noexcept;
  void say_goodbye(Connection& connection) noexcept;
  void destroy(pool::Slot slot) noexcept;
  void destroy(const std::vector<pool::Slot>& slots) noexcept;
  [[noreturn]] void throw_closed() const;
  [[noreturn]] void throw_timeout(Deadline began) const;
  void note(Severity severity, const std::string& message) const noexcept;

  // The keeper's reports and questions.
  pool::Conninfo conninfo() const;
  void connected(pool::Slot slot, pool::ConnectionHandle handle, Deadline began);
  void connect_failed(pool::Slot slot, const pool::ConnectFailure& failure);
  std::string describe_leak(pool::Slot slot) const;
  Deadline expiry(Deadline now);

  const PoolConfig config_;
  const ObserverPtr observer_;
  const pool::Conninfo conninfo_;

  mutable std::mutex mutex_;
  pool::PoolState state_;
  std::vector<Member> members_;         // by slot
  std::vector<pool::Slot> to_connect_;  // for the keeper
  bool upkeep_wanted_ = false;          // before its period is over
  Deadline upkeep_not_before_{};        // a failed upkeep is not repeated at once
  bool keeper_running_ = false;
  bool close_ended_ = false;  // whoever closes again need not wait for what is still lent
  std::minstd_rand random_;
  std::shared_ptr<const pool::ConnectFailure> first_failure_;  // while start() waits
  std::shared_ptr<PoolCore> keep_alive_;  // closed with connections lent: the last one ends it
  std::condition_variable changed_;       // start() and close() wait for it

  pool::EventFd wake_keeper_;
  std::thread keeper_;
};

}  // namespace qm::detail
