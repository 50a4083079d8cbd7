// Sleeping until another thread changes a word: what waiters of the pool do. A futex rather than a
// condition variable, because the waker changes the word under the pool's lock and wakes after it:
// the waiter does not wake up only to wait for that lock, and the waker needs no more than the
// word's address, which may be gone by then.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <ctime>

#include "pool/wait.hpp"

namespace qm::pool {

// Until the word is no longer `value`, the deadline has passed, or for no reason at all.
template <class Word>
void park(const std::atomic<Word>& word, Word value, Deadline deadline) noexcept {
  static_assert(sizeof(std::atomic<Word>) == 4 && std::atomic<Word>::is_always_lock_free);
  timespec until{};
  const timespec* limit = nullptr;
  if (deadline != never) {
    // FUTEX_WAIT_BITSET takes a point on CLOCK_MONOTONIC, which std::chrono::steady_clock is.
    const auto time = std::max<Clock::duration>(deadline.time_since_epoch(), {});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    until.tv_sec = static_cast<time_t>(seconds.count());
    until.tv_nsec = static_cast<long>((time - seconds).count());
    limit = &until;
  }
  ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, static_cast<std::uint32_t>(value), limit,
            nullptr, FUTEX_BITSET_MATCH_ANY);
}

template <class Word>
void unpark(const std::atomic<Word>* word) noexcept {
  ::syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

// Up to a tick (4 ms) behind Clock::now() at a quarter of its price: enough for expiry and idle
// times, not for durations.
inline Deadline coarse_now() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return Deadline(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace qm::pool
