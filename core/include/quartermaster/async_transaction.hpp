// Transactions and savepoints of asynchronous calls, and the coroutines that run a function in one.
// See asio.hpp for tokens, errors and cancellation.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <quartermaster/asio.hpp>
#include <quartermaster/retry.hpp>

namespace qm {

// A transaction, or a savepoint inside one. Calls take it as their AsyncExecutor. End it with
// async_commit() or async_rollback(), once: its destruction sends nothing. What the pool then gets
// back inside a transaction is rolled back there, which blocks that thread for a round trip;
// async_transact() below does not. Copyable as a handle; not thread-safe; lives no longer than its
// connection.
class AsyncTransaction {
 public:
  AsyncTransaction() = default;  // of no connection: to be assigned

  // NOLINTNEXTLINE(google-explicit-constructor): to stand where an executor is asked for
  operator const AsyncExecutor&() const { return *executor_; }
  const AsyncExecutor& executor() const { return *executor_; }

  // void(std::exception_ptr). As Transaction::commit(): CommitUnknown when the answer was lost.
  template <class Token>
  auto async_commit(Token&& token) const {
    return end(detail::commit_request(depth_), std::forward<Token>(token));
  }

  // void(std::exception_ptr). Of a savepoint: back to where it began.
  template <class Token>
  auto async_rollback(Token&& token) const {
    return end(detail::rollback_request(depth_), std::forward<Token>(token));
  }

 private:
  template <class Token>
  friend auto async_begin(const AsyncExecutor& connection, const TransactionOptions& options,
                          Token&& token);
  template <class Token>
  friend auto async_savepoint(const AsyncTransaction& outer, Token&& token);

  AsyncTransaction(const AsyncExecutor& executor, int depth) : executor_(executor), depth_(depth) {}

  template <class Token>
  auto end(detail::AsyncRequest request, Token&& token) const {
    return detail::async_start(
        *executor_, std::move(request), [](detail::AsyncOutcome&) {}, std::forward<Token>(token));
  }

  std::optional<AsyncExecutor> executor_;
  int depth_ = 0;
};

// Begins a transaction: void(std::exception_ptr, AsyncTransaction). `connection` is over a
// Connection that is outside a transaction; anything else is an Error.
template <class Token>
auto async_begin(const AsyncExecutor& connection, const TransactionOptions& options,
                 Token&& token) {
  return detail::async_start(
      connection, detail::begin_request(connection, options),
      [connection](detail::AsyncOutcome&) { return AsyncTransaction(connection, 0); },
      std::forward<Token>(token));
}

// A savepoint: void(std::exception_ptr, AsyncTransaction). The outer transaction must not be used
// until it has ended.
template <class Token>
auto async_savepoint(const AsyncTransaction& outer, Token&& token) {
  const int depth = outer.depth_ + 1;
  return detail::async_start(
      outer.executor(), detail::savepoint_request(depth),
      [executor = outer.executor(), depth](detail::AsyncOutcome&) {
        return AsyncTransaction(executor, depth);
      },
      std::forward<Token>(token));
}

namespace detail {

// A roll-back that fails leaves a connection that the pool discards.
inline boost::asio::awaitable<void> roll_back(AsyncTransaction transaction) {
  try {
    co_await transaction.async_rollback(boost::asio::use_awaitable);
  } catch (const Error&) {
  }
}

}  // namespace detail

// Runs the coroutine fn(const AsyncTransaction&) in a transaction on a connection of the pool that
// `db` is over, commits, and gives back what it gave. What it throws, and its cancellation, rolls
// back.
template <class Fn>
std::invoke_result_t<Fn&, const AsyncTransaction&> async_transact(
    AsyncExecutor db, Fn fn, TransactionOptions options = {}, CallSite where = CallSite::here()) {
  using Value = typename std::invoke_result_t<Fn&, const AsyncTransaction&>::value_type;
  constexpr auto token = boost::asio::use_awaitable;
  const PooledConnection connection = co_await async_acquire(db, token, where);
  const AsyncTransaction transaction = co_await async_begin(db.on(*connection), options, token);
  std::exception_ptr failure;
  try {
    if constexpr (std::is_void_v<Value>) {
      co_await fn(transaction);
      co_await transaction.async_commit(token);
      co_return;
    } else {
      Value value = co_await fn(transaction);
      co_await transaction.async_commit(token);
      co_return value;
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (connection->transaction_status() != Connection::TransactionStatus::idle &&
      !connection->is_broken()) {
    // What cancelled fn must not stop the roll-back as well: it runs on its own, out of reach.
    namespace asio = boost::asio;
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::co_spawn(db.get_executor(), detail::roll_back(transaction),
                            asio::bind_cancellation_slot(asio::cancellation_slot(), token));
    co_await asio::this_coro::throw_if_cancelled(throws);
  }
  std::rethrow_exception(failure);
}

// The same as retry_serializable(), in a coroutine: fn(const AsyncTransaction&) is run again when
// the server gave it up with 40001 or 40P01.
template <class Fn>
std::invoke_result_t<Fn&, const AsyncTransaction&> async_retry_serializable(
    AsyncExecutor db, Fn fn, RetryOptions options = {}, CallSite where = CallSite::here()) {
  detail::Retries retries(options);
  if (options.deadline) db = db.with_deadline(*options.deadline);
  for (;;) {
    std::chrono::nanoseconds pause{};
    try {
      co_return co_await async_transact(db, std::ref(fn), options.transaction, where);
    } catch (const TransactionRollback& error) {
      const auto next = retries.next_pause(error);
      if (!next) throw;
      pause = *next;
    }
    boost::asio::steady_timer timer(db.get_executor(), pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace qm
