// One asynchronous call: gets a connection, runs the operation, gives the connection back,
// completes the handler. The steps are the blocking calls' (AcquireOperation, CallRun); what waits
// for them here is an Asio event loop. Handlers of the loop, wake-ups and cancellations may come on
// several threads: each step is taken under the call's own mutex.
#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <mutex>
#include <optional>
#include <quartermaster/asio.hpp>
#include <quartermaster/error.hpp>
#include <variant>

#include "pool/acquire_operation.hpp"
#include "pool/batch_operation.hpp"
#include "pool/call_run.hpp"
#include "pool/event_loop_socket.hpp"
#include "pool/pipeline_engine.hpp"
#include "pool/pool_core.hpp"
#include "pool/transaction_statements.hpp"

namespace qm::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using pool::Wait;
using Kind = AsyncRequest::Kind;

AsyncCompletion::~AsyncCompletion() = default;

class AsyncCall final : public pool::Waker, public std::enable_shared_from_this<AsyncCall> {
 public:
  AsyncCall(std::shared_ptr<PoolCore> core, Connection* connection, asio::any_io_executor executor,
            const CallOptions& options, AsyncRequest request,
            std::unique_ptr<AsyncCompletion> completion)
      : core_(std::move(core)),
        executor_(std::move(executor)),
        options_(options),
        request_(std::move(request)),
        params_(request_.params.view()),
        completion_(std::move(completion)),
        connection_(connection) {}

  // The loop ended before the call did: nobody reads the rest of the answer.
  ~AsyncCall() override {
    acquiring_.reset();
    if (run() != nullptr) connection_->session_->broken = true;
  }

  void start() {
    step([&] {
      if (request_.refusal) std::rethrow_exception(request_.refusal);
      if (request_.query != nullptr) pool::require_available(*request_.query);
      if (request_.kind == Kind::sql || request_.kind == Kind::script) {
        pool::require_no_nul(request_.sql, request_.name);
      }
      if (is_batch()) {
        // Tried before anything is sent: what was sent could no longer be undone alone.
        for (std::size_t i = 0; i < request_.rows->size(); ++i)
          request_.rows->at(i);
      }
      if (connection_ != nullptr) {
        begin();
      } else {
        acquire();
      }
    });
    const std::lock_guard lock(mutex_);
    initiating_ = false;
  }

  void cancel(asio::cancellation_type type) {
    step([&] {
      if (acquiring_) {
        acquiring_->cancel();
      } else if (pool::CallRun* const current = run();
                 current != nullptr &&
                 (type & ~asio::cancellation_type::total) != asio::cancellation_type::none) {
        current->cancel();
      }
    });
  }

 private:
  using QueryRun = pool::OperationRun<pool::QueryOperation>;
  using BatchRun = pool::OperationRun<pool::BatchOperation>;
  using StreamRun = pool::OperationRun<pool::StreamOperation>;
  using CopyRun = pool::OperationRun<pool::CopyOperation>;

  pool::CallRun* run() noexcept {
    return std::visit(
        [](auto& held) -> pool::CallRun* {
          if constexpr (std::same_as<decltype(held), std::monostate&>) {
            return nullptr;
          } else {
            return &held;
          }
        },
        run_);
  }

  // A COPY where the types have a binary form.
  bool is_batch() const {
    return request_.kind == Kind::batch ||
           (request_.kind == Kind::copy_from && !request_.query->sql.starts_with("copy "));
  }

  std::shared_ptr<pool::Waker> self() noexcept override { return weak_from_this().lock(); }

  void wake() noexcept override {
    asio::post(executor_, [self = shared_from_this()] { self->step([] {}); });
  }

  // Everything that happens to the call comes through here. What is thrown is its outcome.
  template <class Fn>
  void step(const Fn& fn) {
    std::optional<AsyncOutcome> outcome;
    std::unique_ptr<AsyncCompletion> completion;
    bool is_inside = false;
    {
      const std::lock_guard lock(mutex_);
      if (!completion_) return;
      stop_waiting();
      bool over = false;
      try {
        fn();
        over = advance();
        if (!over) return;
        outcome.emplace(finish());
      } catch (...) {
        if (!over && run() != nullptr) connection_->session_->broken = true;
        outcome.emplace();
        outcome->error = std::current_exception();
      }
      completion = std::move(completion_);
      is_inside = !initiating_;
      timer_.reset();
      run_.emplace<std::monostate>();
      acquiring_.reset();
    }
    lent_.release();  // before the handler, who may be the next to need it
    completion->complete(std::move(*outcome), is_inside ? &executor_ : nullptr);
  }

  // True when the call is over.
  bool advance() {
    for (;;) {
      if (acquiring_) {
        using Need = pool::AcquireOperation::Need;
        const Need need = acquiring_->resume();
        if (need == Need::connection) {
          wait(acquiring_->fd(), acquiring_->wanted(), acquiring_->wait_until());
          return false;
        }
        if (need == Need::wake) {
          // The timer's handler is what keeps the call alive now.
          wait_until(acquiring_->wait_until(), true);
          return false;
        }
        acquired(acquiring_->take());
        continue;
      }
      pool::CallRun* const current = run();
      if (current == nullptr) return true;  // of kind acquire
      const Wait wanted = current->resume();
      if (wanted == Wait::done) return true;
      if (current->wait_until() != pool::never && Clock::now() >= current->wait_until()) {
        current->time_out();
        continue;
      }
      wait(current->fd(), wanted, current->wait_until());
      return false;
    }
  }

  void acquire() {
    waiter_.emplace();
    waiter_->waker = this;
    pool::Acquisition begun;
    PooledConnection lent = core_->begin_acquire(*waiter_, begun, request_.where);
    if (lent) return acquired(std::move(lent));
    acquiring_.emplace(core_, *waiter_, begun, options_.deadline, request_.where);
  }

  void acquired(PooledConnection lent) {
    acquiring_.reset();
    if (!core_->accepts(lent)) {
      lent.release();
      return acquire();
    }
    connection_ = &*lent;
    lent_ = std::move(lent);
    if (request_.kind != Kind::acquire) begin();
  }

  void begin() {
    Session& session = *connection_->session_;
    pool::Call call{.operation = request_.operation,
                    .query = request_.query,
                    .name = request_.name,
                    .sql = request_.sql};
    if (request_.query != nullptr) {
      call.name = request_.query->full_name;
      call.sql = request_.query->sql;
      session.last_statement.set(*request_.query);
    } else {
      session.sql = request_.sql;
      session.last_statement.set(request_.sql);
    }
    switch (request_.kind) {
      case Kind::acquire:
        return;
      case Kind::query:
        call.params = &params_;
        run_.emplace<QueryRun>(session, call, options_, [&] {
          return pool::QueryOperation(session, *request_.query, params_);
        });
        return;
      case Kind::sql:
        call.params = &params_;
        run_.emplace<QueryRun>(session, call, options_,
                               [&] { return pool::QueryOperation(session, params_); });
        return;
      case Kind::script:
        commit_sent_ = request_.operation == Operation::commit && !session.is_broken();
        run_.emplace<QueryRun>(session, call, options_,
                               [&] { return pool::QueryOperation(session); });
        return;
      case Kind::stream:
        call.params = &params_;
        run_.emplace<StreamRun>(session, call, options_, [&] {
          return pool::StreamOperation(session, *request_.query, params_, *request_.sink);
        });
        return;
      case Kind::copy_from:
        if (!is_batch()) {
          run_.emplace<CopyRun>(session, call, options_, [&] {
            return pool::CopyOperation(session, *request_.query, *request_.rows);
          });
          return;
        }
        [[fallthrough]];
      case Kind::batch:
        if (request_.rows->size() == 0) return;
        run_.emplace<BatchRun>(session, call, options_, [&] {
          return pool::BatchOperation(session, *request_.query, *request_.rows);
        });
        return;
    }
  }

  AsyncOutcome finish() {
    AsyncOutcome outcome;
    if (request_.kind == Kind::acquire) {
      outcome.connection = std::move(lent_);
    } else if (auto* query = std::get_if<QueryRun>(&run_)) {
      outcome.result = request_.operation == Operation::commit ? commit(*query) : query->outcome();
    } else if (auto* batch = std::get_if<BatchRun>(&run_)) {
      outcome.results = batch->outcome();
      outcome.count = pool::rows_of(outcome.results);
    } else if (auto* stream = std::get_if<StreamRun>(&run_)) {
      outcome.count = stream->outcome();
    } else if (auto* copy = std::get_if<CopyRun>(&run_)) {
      outcome.count = copy->outcome();
    }
    return outcome;
  }

  Result commit(QueryRun& query) {
    return pool::commit_outcome(*connection_, commit_sent_, [&] { return query.outcome(); });
  }

  void wait(int fd, Wait wanted, Deadline until) {
    wait_until(until);
    auto& descriptor = descriptor_of(fd);
    waits_on_ = &descriptor;
    using Descriptor = asio::posix::stream_descriptor;
    if (wanted != Wait::write) wait(descriptor, Descriptor::wait_read);
    if (wanted != Wait::read) wait(descriptor, Descriptor::wait_write);
  }

  void wait(asio::posix::stream_descriptor& descriptor,
            asio::posix::stream_descriptor::wait_type type) {
    ++waits_;
    descriptor.async_wait(
        type, asio::bind_executor(executor_,
                                  [self = shared_from_this(), wait = wait_number_](
                                      const error_code& error) { self->waited(wait, error); }));
  }

  // A call waits for one thing at a time; what it no longer waits for is told apart by number.
  void waited(std::uint64_t wait, const error_code& error) {
    {
      const std::lock_guard lock(mutex_);
      if (wait != wait_number_) return;
      --waits_;
    }
    step([&] {
      if (error) throw boost::system::system_error(error);
    });
  }

  asio::posix::stream_descriptor& descriptor_of(int fd) {
    Session& session = acquiring_ ? acquiring_->session() : *connection_->session_;
    if (fd == session.fd()) return pool::EventLoopSocket::of(session, executor_).descriptor();
    // That of a cancel request: somebody else's, for this wait only.
    return other_.emplace(executor_, fd);
  }

  void wait_until(Deadline until, bool always = false) {
    if (until == pool::never && !always) return;
    if (timer_ && timer_->expiry() == until) return;
    if (!timer_) timer_.emplace(executor_);
    timer_->expires_at(until);
    timer_->async_wait([self = shared_from_this()](const error_code& error) {
      if (!error) self->step([] {});
    });
  }

  void stop_waiting() {
    ++wait_number_;
    if (waits_on_ != nullptr && waits_ > 0) {
      error_code ignored;
      waits_on_->cancel(ignored);
    }
    if (other_) other_->release();
    other_.reset();
    waits_on_ = nullptr;
    waits_ = 0;
  }

  const std::shared_ptr<PoolCore> core_;  // null: on one connection
  const asio::any_io_executor executor_;
  const CallOptions options_;
  AsyncRequest request_;
  const ParamView params_;

  std::mutex mutex_;
  std::unique_ptr<AsyncCompletion> completion_;  // null: completed
  bool initiating_ = true;
  bool commit_sent_ = false;
  Connection* connection_;
  PooledConnection lent_;
  std::optional<pool::Waiter> waiter_;
  std::optional<pool::AcquireOperation> acquiring_;
  std::variant<std::monostate, QueryRun, BatchRun, StreamRun, CopyRun> run_;

  std::optional<asio::steady_timer> timer_;
  std::optional<asio::posix::stream_descriptor> other_;
  asio::posix::stream_descriptor* waits_on_ = nullptr;
  std::uint64_t wait_number_ = 0;
  int waits_ = 0;
};

void start(const AsyncExecutor& executor, AsyncRequest request,
           std::unique_ptr<AsyncCompletion> completion, asio::cancellation_slot cancellation) {
  if (executor.pipeline_ && request.kind == Kind::query && request.query->unavailable.empty() &&
      executor.pipeline_->accepts(*request.query, request.params.view())) {
    pool::start_pipelined(executor.pipeline_, executor.options(), std::move(request),
                          std::move(completion), cancellation);
    return;
  }
  auto call =
      std::make_shared<AsyncCall>(executor.pool_, executor.connection_, executor.executor_,
                                  executor.options(), std::move(request), std::move(completion));
  if (cancellation.is_connected()) {
    cancellation.assign(
        [weak = std::weak_ptr(call), loop = executor.executor_](asio::cancellation_type type) {
          // Not at once: it may be the call itself that runs what asks for it, such as a row's
          // sink.
          if (auto alive = weak.lock()) {
            asio::post(loop, [alive = std::move(alive), type] { alive->cancel(type); });
          }
        });
  }
  call->start();
}

namespace {

AsyncRequest statement(const std::string& sql, Operation operation) {
  return {.kind = Kind::script, .operation = operation, .sql = sql, .name = sql};
}

}  // namespace

AsyncRequest begin_request(const AsyncExecutor& executor, const TransactionOptions& options) {
  AsyncRequest request = statement(pool::begin_statement(options), Operation::execute);
  const Connection* connection = executor.connection_;
  const bool outside = connection != nullptr &&
                       (connection->transaction_status() == Connection::TransactionStatus::idle ||
                        connection->is_broken());
  if (!outside) {
    request.refusal = std::make_exception_ptr(
        Error(Report{.object = "transaction",
                     .expected = "a connection outside a transaction",
                     .found = connection == nullptr ? "a pool" : "one inside",
                     .hint = connection == nullptr ? "async_transact() takes one of the pool's"
                                                   : "async_savepoint() makes a savepoint"}));
  }
  return request;
}

AsyncRequest savepoint_request(int depth) {
  return statement(pool::begin_statement(depth), Operation::execute);
}

AsyncRequest commit_request(int depth) {
  return statement(pool::commit_statement(depth),
                   depth == 0 ? Operation::commit : Operation::execute);
}

AsyncRequest rollback_request(int depth) {
  return statement(pool::rollback_statement(depth), Operation::rollback);
}

}  // namespace qm::detail

namespace qm {

AsyncExecutor::AsyncExecutor(Pool& pool, executor_type executor)
    : pool_(pool.core_), executor_(std::move(executor)) {}

AsyncExecutor::AsyncExecutor(Connection& connection, executor_type executor)
    : connection_(&connection), executor_(std::move(executor)) {}

AsyncExecutor::AsyncExecutor(PipelinedExecutor& pipeline, executor_type executor)
    : pool_(pipeline.pool_.core_), pipeline_(pipeline.engine_), executor_(std::move(executor)) {}

ObserverPtr AsyncExecutor::observer() const noexcept {
  return pool_ ? pool_->observer() : nullptr;
}

bool AsyncExecutor::is_pool_closed() const noexcept {
  return pool_ && pool_->is_closed();
}

AsyncExecutor AsyncExecutor::with_timeout(std::chrono::nanoseconds timeout) const {
  AsyncExecutor limited = *this;
  limited.timeout_ = std::min(timeout_, timeout);
  return limited;
}

AsyncExecutor AsyncExecutor::with_deadline(Deadline deadline) const {
  AsyncExecutor limited = *this;
  limited.deadline_ = std::min(deadline_, deadline);
  return limited;
}

AsyncExecutor AsyncExecutor::on(Connection& connection) const {
  AsyncExecutor other = *this;
  other.pool_.reset();
  other.pipeline_.reset();
  other.connection_ = &connection;
  return other;
}

CallOptions AsyncExecutor::options() const {
  Deadline deadline = deadline_;
  if (timeout_ != std::chrono::nanoseconds::max()) {
    deadline = std::min(deadline, pool::after(timeout_));
  }
  if (deadline == Deadline::max()) return {};
  return {deadline};
}

}  // namespace qm
