// Asynchronous calls in the manner of Boost.Asio: each takes a completion token (a callback,
// use_future, use_awaitable, ...), completes on the handler's associated executor with its
// associated allocator, and can be cancelled through its associated cancellation slot. The typed
// clients' async_ methods take an AsyncExecutor. Not needed for the blocking calls: include it only
// where asynchronous ones are made.
//
// Signatures are void(std::exception_ptr, T), or void(std::exception_ptr) where there is no result:
// what the blocking call throws is what co_await and std::future::get() throw. A cancelled call
// ends with CallCancelled, after the statement was cancelled on the server, so that its connection
// can go on; one that had finished before gives its result all the same. Cancellation of type
// `total` stops a call only before anything was sent.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <quartermaster/client.hpp>
#include <quartermaster/pipeline.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/transaction.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace qm {

class AsyncExecutor;

namespace detail {

// What is asked for; owns what the call needs beyond its initiation.
struct AsyncRequest {
  enum class Kind : std::uint8_t {
    acquire,
    query,  // registered
    sql,    // ad hoc
    script,
    batch,
    stream,
    copy_from,
  };
  Kind kind = Kind::query;
  Operation operation = Operation::execute;  // what the observer is told
  const RegisteredQuery* query = nullptr;
  std::string sql{};
  std::string name{};
  OwnedParams params{};
  std::unique_ptr<ParamRows> rows{};
  std::unique_ptr<RowSink> sink{};
  CallSite where{};
  std::exception_ptr refusal{};  // of the request itself: its outcome
};

// What came of it: the part that the kind of request has.
struct AsyncOutcome {
  std::exception_ptr error{};
  Result result{};
  std::vector<Result> results{};
  std::int64_t count = 0;
  PooledConnection connection{};
};

// The handler, with its type erased.
class QM_API AsyncCompletion {
 public:
  AsyncCompletion() = default;
  AsyncCompletion(const AsyncCompletion&) = delete;
  AsyncCompletion& operator=(const AsyncCompletion&) = delete;
  virtual ~AsyncCompletion();
  // Once. `running_on` is the executor that the calling thread runs on, where the handler may be
  // called at once if it is its own as well; null where it must not be, such as within the
  // initiating function.
  virtual void complete(AsyncOutcome outcome, const boost::asio::any_io_executor* running_on) = 0;
};

// Begins a call; never completes it before it returns.
QM_API void start(const AsyncExecutor& executor, AsyncRequest request,
                  std::unique_ptr<AsyncCompletion> completion,
                  boost::asio::cancellation_slot cancellation);

// Of AsyncTransaction.
QM_API AsyncRequest begin_request(const AsyncExecutor& executor, const TransactionOptions& options);
QM_API AsyncRequest savepoint_request(int depth);
QM_API AsyncRequest commit_request(int depth);
QM_API AsyncRequest rollback_request(int depth);

}  // namespace detail

// Where asynchronous calls run, and how long they may take: a Pool or a Connection with the
// executor of the event loop that waits for it. A small value, cheap to copy. Thread-safe over a
// Pool; over a Connection, one call at a time. The pool or connection must outlive its calls. Any
// executor will do whose context waits for descriptors: io_context, thread_pool, a strand of these.
class QM_API AsyncExecutor {
 public:
  using executor_type = boost::asio::any_io_executor;

  AsyncExecutor(Pool& pool, executor_type executor);
  AsyncExecutor(Connection& connection, executor_type executor);
  // Registered queries are pipelined, what else there is runs on its pool.
  AsyncExecutor(PipelinedExecutor& pipeline, executor_type executor);

  executor_type get_executor() const noexcept { return executor_; }

  // The same with a limit for each call from its initiation on, waiting for a connection included,
  // or a point in time; the earlier counts. None: acquire_timeout and query_timeout.
  AsyncExecutor with_timeout(std::chrono::nanoseconds timeout) const;
  AsyncExecutor with_deadline(Deadline deadline) const;
  // The same, with its limits, over a connection.
  AsyncExecutor on(Connection& connection) const;
  bool is_pool_closed() const noexcept;
  ObserverPtr observer() const noexcept;  // the pool's; null over a connection
  // Options of a call that begins now.
  CallOptions options() const;

 private:
  friend detail::AsyncRequest detail::begin_request(const AsyncExecutor&,
                                                    const TransactionOptions&);
  friend void detail::start(const AsyncExecutor&, detail::AsyncRequest,
                            std::unique_ptr<detail::AsyncCompletion>,
                            boost::asio::cancellation_slot);
  std::shared_ptr<detail::PoolCore> pool_;
  std::shared_ptr<pool::PipelineEngine> pipeline_;
  Connection* connection_ = nullptr;
  executor_type executor_;
  std::chrono::nanoseconds timeout_ = std::chrono::nanoseconds::max();
  Deadline deadline_ = Deadline::max();
};

namespace detail {

// Hands the outcome, as what `read` makes of it, to the handler.
template <class Handler, class Read>
class AsyncHandler final : public AsyncCompletion {
  using Value = std::invoke_result_t<Read&, AsyncOutcome&>;
  using HandlerExecutor = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;

 public:
  AsyncHandler(Handler handler, Read read, const boost::asio::any_io_executor& executor)
      : handler_(std::move(handler)),
        read_(std::move(read)),
        work_(boost::asio::get_associated_executor(handler_, executor)) {}

  void complete(AsyncOutcome outcome, const boost::asio::any_io_executor* running_on) override {
    std::exception_ptr error = std::move(outcome.error);
    if constexpr (std::is_void_v<Value>) {
      if (!error) error = caught([&] { read_(outcome); });
      hand_over([handler = std::move(handler_),
                 error = std::move(error)]() mutable { std::move(handler)(std::move(error)); },
                running_on);
    } else {
      Value value{};
      if (!error) error = caught([&] { value = read_(outcome); });
      hand_over([handler = std::move(handler_), error = std::move(error),
                 value = std::move(
                     value)]() mutable { std::move(handler)(std::move(error), std::move(value)); },
                running_on);
    }
  }

 private:
  template <class Fn>
  static std::exception_ptr caught(const Fn& fn) {
    try {
      fn();
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }

  template <class Fn>
  void hand_over(Fn fn, const boost::asio::any_io_executor* running_on) {
    const HandlerExecutor executor = work_.get_executor();
    if (running_on == nullptr) {
      boost::asio::post(executor, boost::asio::bind_allocator(allocator_, std::move(fn)));
    } else if (is_same(executor, *running_on)) {
      fn();
    } else {
      boost::asio::dispatch(executor, boost::asio::bind_allocator(allocator_, std::move(fn)));
    }
  }

  static bool is_same(const HandlerExecutor& executor,
                      const boost::asio::any_io_executor& running_on) {
    if constexpr (std::is_same_v<HandlerExecutor, boost::asio::any_io_executor>) {
      return executor == running_on;
    } else {
      const auto* target = running_on.target<HandlerExecutor>();
      return target != nullptr && *target == executor;
    }
  }

  Handler handler_;
  // Taken before the handler is moved from.
  boost::asio::associated_allocator_t<Handler> allocator_ =
      boost::asio::get_associated_allocator(handler_);
  Read read_;
  boost::asio::executor_work_guard<HandlerExecutor> work_;
};

template <class Value>
struct AsyncSignature {
  using Type = void(std::exception_ptr, Value);
};
template <>
struct AsyncSignature<void> {
  using Type = void(std::exception_ptr);
};

// The initiating function behind all of them. `read(AsyncOutcome&)` gives the value.
template <class Token, class Read>
auto async_start(const AsyncExecutor& executor, AsyncRequest request, Read read, Token&& token) {
  using Value = std::invoke_result_t<Read&, AsyncOutcome&>;
  return boost::asio::async_initiate<Token, typename AsyncSignature<Value>::Type>(
      [executor](auto handler, AsyncRequest what, Read reader) {
        const auto slot = boost::asio::get_associated_cancellation_slot(handler);
        using Handler = std::decay_t<decltype(handler)>;
        start(executor, std::move(what),
              std::make_unique<AsyncHandler<Handler, Read>>(std::move(handler), std::move(reader),
                                                            executor.get_executor()),
              slot);
      },
      token, std::move(request), std::move(read));
}

}  // namespace detail

namespace client {

// What the generated async_ methods call. See client.hpp.
template <class Token>
struct Async {
  template <class Read>
  static auto execute(const AsyncExecutor& db, const RegisteredQuery& query,
                      const ParamView& params, Read read, Token&& token) {
    return detail::async_start(
        db,
        {.kind = detail::AsyncRequest::Kind::query, .query = &query, .params = OwnedParams(params)},
        [read = std::move(read)](detail::AsyncOutcome& outcome) mutable {
          return read(std::move(outcome.result));
        },
        std::forward<Token>(token));
  }

  template <class Read>
  static auto execute_batch(const AsyncExecutor& db, const RegisteredQuery& query,
                            std::unique_ptr<ParamRows> rows, Read read, Token&& token) {
    return detail::async_start(
        db, {.kind = detail::AsyncRequest::Kind::batch, .query = &query, .rows = std::move(rows)},
        [read = std::move(read)](detail::AsyncOutcome& outcome) mutable {
          return read(std::move(outcome.results));
        },
        std::forward<Token>(token));
  }

  static auto copy_from(const AsyncExecutor& db, const RegisteredQuery& query,
                        std::unique_ptr<ParamRows> rows, Token&& token) {
    return detail::async_start(
        db,
        {.kind = detail::AsyncRequest::Kind::copy_from, .query = &query, .rows = std::move(rows)},
        [](detail::AsyncOutcome& outcome) { return outcome.count; }, std::forward<Token>(token));
  }

  template <class Sink>
  static auto stream(const AsyncExecutor& db, const RegisteredQuery& query, const ParamView& params,
                     Sink sink, Token&& token) {
    return detail::async_start(
        db,
        {.kind = detail::AsyncRequest::Kind::stream,
         .query = &query,
         .params = OwnedParams(params),
         .sink = std::make_unique<Sink>(std::move(sink))},
        [](detail::AsyncOutcome& outcome) { return outcome.count; }, std::forward<Token>(token));
  }
};

}  // namespace client

// A connection of the pool: void(std::exception_ptr, PooledConnection). As Pool::acquire(), but
// for before_acquire, which runs on the event loop's thread.
template <class Token>
auto async_acquire(const AsyncExecutor& db, Token&& token, CallSite where = CallSite::here()) {
  return detail::async_start(
      db, {.kind = detail::AsyncRequest::Kind::acquire, .where = where},
      [](detail::AsyncOutcome& outcome) { return std::move(outcome.connection); },
      std::forward<Token>(token));
}

// A registered query: void(std::exception_ptr, Result). The parameters are copied.
template <class Token>
auto async_execute(const AsyncExecutor& db, const RegisteredQuery& query, const ParamView& params,
                   Token&& token) {
  return client::Async<Token>::execute(
      db, query, params, [](Result&& result) { return std::move(result); },
      std::forward<Token>(token));
}

// One ad-hoc statement with $1..$n: void(std::exception_ptr, Result). All of it is copied.
template <class Token>
auto async_execute(const AsyncExecutor& db, std::string_view sql, const ParamView& params,
                   Token&& token, std::string_view name = "ad-hoc") {
  return detail::async_start(
      db,
      {.kind = detail::AsyncRequest::Kind::sql,
       .sql = std::string(sql),
       .name = std::string(name),
       .params = OwnedParams(params)},
      [](detail::AsyncOutcome& outcome) { return std::move(outcome.result); },
      std::forward<Token>(token));
}

// Statements without parameters, as Connection::execute_script(): void(std::exception_ptr, Result).
template <class Token>
auto async_execute_script(const AsyncExecutor& db, std::string_view sql, Token&& token,
                          std::string_view name = "script") {
  return detail::async_start(
      db,
      {.kind = detail::AsyncRequest::Kind::script,
       .sql = std::string(sql),
       .name = std::string(name)},
      [](detail::AsyncOutcome& outcome) { return std::move(outcome.result); },
      std::forward<Token>(token));
}

}  // namespace qm
