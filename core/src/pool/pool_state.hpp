// The pool's bookkeeping: permits, idle stack, waiters, expiry, counters, by the rules of
// docs/pool.md. Time is handed in, connections are slot numbers: no lock, no thread, no clock, no
// libpq, so that a test can run it through any schedule. PoolCore does the rest around it, under
// its lock.
//
// A slot goes through
//
//   (free) -> constructing -> idle <-> lent -> destroying -> (free)
//
// and holds a permit (counts against max_conns) everywhere but in (free).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <quartermaster/pool.hpp>
#include <vector>

#include "pool/session_counts.hpp"

namespace qm::pool {

struct ConnectFailure;

using TimePoint = Clock::time_point;
using Slot = std::uint32_t;
inline constexpr Slot no_slot = UINT32_MAX;

struct PoolRules {
  std::uint32_t max_conns = 1;
  std::uint32_t min_conns = 0;
  std::uint32_t min_idle_conns = 0;
  std::chrono::nanoseconds max_conn_idle_time{std::chrono::minutes{30}};
  std::chrono::nanoseconds liveness_check_after{std::chrono::milliseconds{500}};
  std::chrono::nanoseconds overtake_bound{std::chrono::milliseconds{1}};
  std::chrono::nanoseconds leak_report_after{0};  // 0 = off
};

// How a waiter is woken that does not sleep on its status, because an event loop runs it.
class Waker {
 public:
  virtual ~Waker() = default;
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  // Under the lock: keeps it alive until perform(). False when it is going away.
  bool prepare() noexcept;
  // Once for each prepare(), on any thread, without the lock.
  void perform() noexcept;

 protected:
  Waker() = default;

 private:
  // Null when it is going away.
  virtual std::shared_ptr<Waker> self() noexcept = 0;
  virtual void wake() noexcept = 0;

  std::mutex mutex_;
  std::shared_ptr<Waker> kept_;
  int prepared_ = 0;
};

// One call to acquire(), owned by its caller. The state links it while it waits.
struct Waiter {
  enum class Status : std::uint32_t {
    outside,  // not in the queue
    waiting,
    woken,    // a connection is idle: call acquire() again, which may find it taken
    granted,  // has `slot`
    refused,  // its connect failed: `failure`
    closed,   // the pool was closed
  };
  // The last thing written when it leaves the queue: the waiting thread reads it without the lock.
  std::atomic<Status> status{Status::outside};
  Slot slot = no_slot;
  std::shared_ptr<const ConnectFailure> failure{};
  Waker* waker = nullptr;  // null: a thread sleeps on the status

  bool has_waited = false;
  std::uint64_t ticket = 0;  // place in the queue, kept over repeated acquires; 0 = none yet
  TimePoint since{};         // when the first acquire() could not be served at once
  Slot connect = no_slot;    // the connect that was started for it
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
};

// A status that is waited for was changed. The waiter itself may be gone by now: the status is an
// address to wake, not to read.
struct Wake {
  const std::atomic<Waiter::Status>* status = nullptr;  // null: nobody
  Waker* waker = nullptr;

  Wake() = default;
  explicit Wake(const Waiter& waiter) noexcept
      : status(&waiter.status),
        waker(waiter.waker != nullptr && waiter.waker->prepare() ? waiter.waker : nullptr) {}
};

// What is to be done after a step.
struct Effects {
  std::array<Wake, 2> wake{};
  Slot connect = no_slot;  // start connecting this slot
  bool destroy = false;    // the slot of the step is to be destroyed, then destroyed()

  void add_wake(const Waiter* waiter) noexcept;  // null: nobody
};

struct Acquisition {
  enum class Kind : std::uint8_t {
    lent,     // `slot` is the caller's
    check,    // it was idle for long: check it, then checked() or discard()
    expired,  // destroy `slot`, destroyed(), and call acquire() again
    queued,   // wait for the waiter's status to change
    closed,
  };
  Kind kind = Kind::closed;
  Slot slot = no_slot;
  Effects effects{};
};

class PoolState {
 public:
  explicit PoolState(const PoolRules& rules) : rules_(rules) {}

  // First call, and again after woken, an expired or a failed one; not while the status says
  // granted, refused or closed.
  Acquisition acquire(Waiter& waiter, TimePoint now);
  // The check that acquire() asked for went well, and took so long.
  void checked(const Waiter& waiter, TimePoint now, TimePoint::duration took = {});
  // A lent slot turned out to be dead: it is being destroyed.
  void discard(Slot slot);
  // The caller's time is up, or it has given up. Look at the status first: granted, refused and
  // closed stand.
  Effects abandon(Waiter& waiter, bool timed_out = true);

  // A lent slot comes back; when it cannot be lent again, destroy is set.
  Effects release(Slot slot, TimePoint now, bool healthy);
  Effects destroyed(Slot slot);

  // Of a connection that was made, and of one that comes back.
  void count_connect(TimePoint::duration took) noexcept;
  void count(const SessionCounts& counts) noexcept;

  Effects connected(Slot slot, TimePoint now, TimePoint expires_at);
  Effects connect_failed(Slot slot, std::shared_ptr<const ConnectFailure> failure);
  // The pool's first connection, when there is none yet.
  Slot connect_first();

  // Upkeep: idle slots to be destroyed; then, when they are, slots to be connected one by one.
  std::vector<Slot> take_expendable(TimePoint now);
  Slot connect_for_upkeep();
  bool wants_connections() const noexcept;
  // Lent for longer than the threshold and not told before.
  std::vector<Slot> take_leaks(TimePoint now);
  // When take_leaks() may next have something to say.
  TimePoint next_leak_check(TimePoint now) const;

  // Both give back the idle slots, which are to be destroyed.
  std::vector<Slot> reset();
  std::vector<Slot> close(std::vector<Wake>& wake);

  bool is_closed() const noexcept { return closed_; }
  bool has_waiters() const noexcept { return first_ != nullptr; }
  bool has_idle() const noexcept { return !idle_.empty(); }
  std::uint32_t acquired() const noexcept { return acquired_; }
  std::uint32_t total() const noexcept { return acquired_ + constructing_ + idle_count(); }
  std::size_t slots() const noexcept { return records_.size(); }
  bool is_lent(Slot slot) const noexcept { return records_[slot].phase == Phase::lent; }
  PoolStats stats() const;

 private:
  enum class Phase : std::uint8_t { free, constructing, idle, lent, destroying };
  enum class Purpose : std::uint8_t { caller, upkeep, first };
  struct Record {
    Phase phase = Phase::free;
    Purpose purpose = Purpose::caller;  // of the connect
    bool leak_told = false;
    std::uint32_t generation = 0;
    TimePoint expires_at{};
    TimePoint since{};        // idle or lent since
    Waiter* owner = nullptr;  // whom a failed connect is told
  };

  std::uint32_t idle_count() const noexcept { return static_cast<std::uint32_t>(idle_.size()); }
  std::uint32_t missing() const noexcept;
  bool is_overdue(const Waiter& waiter, TimePoint now) const noexcept;
  bool may_take(const Waiter& waiter, TimePoint now) const noexcept;
  void enqueue(Waiter& waiter);
  void unlink(Waiter& waiter);
  void leave(Waiter& waiter);
  static void observe(DurationHistogram& histogram, TimePoint::duration took) noexcept;
  void count_success(const Waiter& waiter, TimePoint now);
  void place(Slot slot, TimePoint now, bool hand_over, Effects& effects);
  Slot begin_connect(Purpose purpose, Waiter* owner);
  Slot connect_for_waiters();
  const Waiter* next_to_wake();
  std::vector<Slot> take_all_idle();

  PoolRules rules_;
  bool closed_ = false;
  std::uint32_t generation_ = 0;
  std::uint32_t acquired_ = 0;  // lent, being checked, or being destroyed
  std::uint32_t constructing_ = 0;
  std::uint32_t waiting_ = 0;
  std::uint64_t tickets_ = 0;
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::vector<Record> records_;
  std::vector<Slot> free_;
  std::vector<Slot> idle_;  // most recently used last
  PoolStats counters_;
};

}  // namespace qm::pool
