// A transaction that is run again when the server gave it up for the sake of another one: what
// serializable isolation asks of every program, and deadlocks of some. Not for lost connections:
// whether a commit took place is then unknown.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/transaction.hpp>
#include <random>
#include <thread>
#include <type_traits>
#include <utility>

namespace qm {

struct RetryOptions {
  TransactionOptions transaction{.isolation = Isolation::serializable};
  std::uint32_t max_attempts = 10;  // at least 1
  // The pause before the next attempt is chance between 0 and a bound, which begins here and
  // doubles up to the longest: those that collided do not collide again.
  std::chrono::milliseconds first_pause{2};
  std::chrono::milliseconds longest_pause{250};
  // Of all attempts together; no attempt begins after it. None: each has acquire_timeout, and each
  // statement query_timeout.
  std::optional<Deadline> deadline{};
};

namespace detail {

class QM_API Retries {
 public:
  explicit Retries(const RetryOptions& options);
  // How long to pause before trying again: after serialization_failure (40001) and
  // deadlock_detected (40P01), while attempts and time are left. None: not at all.
  std::optional<std::chrono::nanoseconds> next_pause(const ServerError& error);

 private:
  RetryOptions options_;
  std::uint32_t attempts_ = 1;
  std::chrono::nanoseconds bound_;
  std::minstd_rand random_;
};

}  // namespace detail

// Runs fn(Transaction&) and commits; gives back what it gave. When the server fails fn or the
// commit with 40001 or 40P01, all of it is undone and begins anew on a connection of the pool, so
// fn must have no effects but on the database. Anything else that is thrown, CommitUnknown
// included, undoes the attempt (but for a commit that is unknown) and ends it. Thread-safe.
template <class Fn>
auto retry_serializable(Pool& pool, Fn&& fn, const RetryOptions& options = {},
                        CallSite where = CallSite::here()) {
  detail::Retries retries(options);
  for (;;) {
    try {
      const PooledConnection connection = pool.acquire(options.deadline, where);
      Transaction transaction(*connection, options.transaction);
      const CallOptions commit{options.deadline};
      if constexpr (std::is_void_v<std::invoke_result_t<Fn&, Transaction&>>) {
        fn(transaction);
        transaction.commit(commit);
        return;
      } else {
        auto result = fn(transaction);
        transaction.commit(commit);
        return result;
      }
    } catch (const TransactionRollback& error) {
      const auto pause = retries.next_pause(error);
      if (!pause) throw;
      std::this_thread::sleep_for(*pause);
    }
  }
}

}  // namespace qm
