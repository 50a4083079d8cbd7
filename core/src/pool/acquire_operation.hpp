// One acquire that could not be served at once: waiting in the pool's queue, checking a connection
// that was idle for long, trying again. Waits for nothing itself: a blocking caller parks on the
// waiter's status, an event loop is woken by its Waker. Not for connecting, which the keeper does.
#pragma once

#include <memory>
#include <optional>
#include <quartermaster/pool.hpp>

#include "pool/pool_core.hpp"
#include "pool/statement_operation.hpp"

namespace qm::pool {

class AcquireOperation {
 public:
  // `begun` is what PoolState::acquire() said to `waiter`, which must outlive the operation.
  // No deadline: acquire_timeout from the waiter's begin.
  AcquireOperation(std::shared_ptr<detail::PoolCore> core, Waiter& waiter, const Acquisition& begun,
                   std::optional<Deadline> deadline, CallSite where);
  // Left half-way, it leaves the queue, and what it was lent is given back.
  ~AcquireOperation();
  AcquireOperation(const AcquireOperation&) = delete;
  AcquireOperation& operator=(const AcquireOperation&) = delete;

  enum class Need : std::uint8_t {
    nothing,     // take() the connection
    wake,        // the waiter's status to change
    connection,  // wanted() on fd()
  };
  // What it needs to go on, until wait_until() at the latest. Throws what acquire() throws.
  Need resume();
  Wait wanted() const noexcept { return wanted_; }
  detail::Session& session() const noexcept { return *session_; }
  int fd() const noexcept { return check_->fd(); }
  Deadline wait_until() const noexcept { return until_; }
  // The caller has given up: the next resume() throws CallCancelled, or still has a connection.
  void cancel() noexcept { cancelled_ = true; }

  PooledConnection take() noexcept { return std::move(lent_); }

 private:
  bool is_waiting() const noexcept;
  bool is_over() const noexcept;
  bool check(bool& passed);
  void discard() noexcept;
  Need lend(Slot slot);
  template <class Throw>
  [[noreturn]] void fail(const Throw& raise);
  [[noreturn]] void throw_over() const;

  const std::shared_ptr<detail::PoolCore> core_;
  Waiter& waiter_;
  Acquisition acquisition_;
  const Deadline deadline_;
  const CallSite where_;
  Deadline until_;
  detail::Session* session_ = nullptr;  // that is checked
  std::optional<StatementOperation> check_;
  Deadline check_began_{};
  Clock::duration check_took_{};
  Wait wanted_ = Wait::done;
  PooledConnection lent_;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace qm::pool
