// What an operation needs before it can go on, and the blocking way to wait for it. Operations
// never wait themselves: they are driven from outside, by wait() here or by an event loop. Not
// for waiting between threads (parker.hpp).
#pragma once

#include <cstdint>
#include <quartermaster/executor.hpp>

namespace qm::pool {

enum class Wait : std::uint8_t { done, read, write, read_or_write };

// No deadline: later than any clock shows.
inline constexpr Deadline never = Deadline::max();

// A deadline this far from now; never when that is beyond the clock.
Deadline after(std::chrono::nanoseconds duration, Deadline now = Clock::now()) noexcept;

enum class Readiness : std::uint8_t {
  ready,
  ready_late,  // the deadline had passed before: go on once, then no more
  timed_out,
};

// Blocks until the descriptor is ready for what is wanted, has failed (which the next read or
// write then reports), or the deadline has passed. A deadline in the past still looks once; what
// is there then may be the whole answer, or come from a peer that never ends.
Readiness wait(int fd, Wait wanted, Deadline deadline) noexcept;

// Resumes an operation until it is done. False when the deadline passed first.
template <class Operation>
bool drive(Operation& operation, Deadline deadline) {
  for (;;) {
    const Wait wanted = operation.resume();
    if (wanted == Wait::done) return true;
    const Readiness readiness = wait(operation.fd(), wanted, deadline);
    if (readiness == Readiness::timed_out) return false;
    if (readiness == Readiness::ready_late) return operation.resume() == Wait::done;
  }
}

// poll()'s events for what is wanted.
short poll_events(Wait wanted) noexcept;

// What is left until the deadline as poll()'s successor ppoll() takes it; null for never.
struct Timeout {
  explicit Timeout(Deadline deadline) noexcept;
  const timespec* get() const noexcept { return unlimited_ ? nullptr : &left_; }
  bool is_over() const noexcept { return !unlimited_ && left_.tv_sec == 0 && left_.tv_nsec == 0; }

 private:
  timespec left_{};
  bool unlimited_ = false;
};

}  // namespace qm::pool
