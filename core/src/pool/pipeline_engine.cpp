// See pipeline_engine.hpp.
#include "pool/pipeline_engine.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <quartermaster/error.hpp>
#include <utility>

#include "pool/call_run.hpp"
#include "pool/cancel_request.hpp"
#include "pool/event_loop_socket.hpp"
#include "pool/parker.hpp"
#include "pool/pool_core.hpp"
#include "pool/report.hpp"

namespace qm::pool {

namespace asio = boost::asio;
using boost::system::error_code;
using Stage = PipelineRequest::Stage;

namespace {

// Held for long, a connection is given back between two requests, so that the pool can end it at
// the end of its lifetime.
constexpr std::chrono::minutes longest_hold{1};
// How often a request may be sent again for no fault of its own.
constexpr int most_stale_attempts = 2;
// Requests under one Sync: one that fails has that many sent again.
constexpr int largest_group = 32;
// How often the links are looked after.
constexpr std::chrono::milliseconds tick{50};
// Between two cancellations on one connection: the first may not have reached the server.
constexpr std::chrono::milliseconds cancel_pause{100};

template <class Throw>
std::exception_ptr thrown(const Throw& raise) {
  try {
    raise();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

std::exception_ptr closed(const std::string& pool) {
  return std::make_exception_ptr(
      PoolClosed(Report{.object = "pool " + pool, .problem = "the pipelined executor is closed"}));
}

}  // namespace

struct PipelineEngine::Link {
  explicit Link(PooledConnection lent)
      : connection(std::move(lent)), pipeline(detail::PoolCore::session_of(*connection)) {}

  PooledConnection connection;
  PipelineConnection pipeline;
  Deadline since = Clock::now();
  Deadline idle_since = since;
  int group = 0;  // requests since the last Sync
  bool has_sends = false;
  bool waits_to_read = false;
  bool waits_to_write = false;
  bool is_retiring = false;
  bool was_cancelled = false;
  bool is_gone = false;  // given back: handlers that still come mean nothing
  Deadline cancel_not_before{};
  std::optional<CancelRequest> cancel;
  std::optional<asio::posix::stream_descriptor> cancelled;

  void give_back() {
    is_gone = true;
    pipeline.leave();
    // A proxy may deliver a cancellation later than it says.
    if (was_cancelled) pipeline.session().broken = true;
    if (cancelled) cancelled->release();
    pipeline.session().event_loop.reset();  // its waits end
    connection.release();
  }

  bool is_open() const noexcept { return !is_retiring && !cancel && !pipeline.is_lost(); }
};

PipelineEngine::~PipelineEngine() {
  close();
}

PipelineEngine::PipelineEngine(Pool& pool, const asio::any_io_executor& loop,
                               const asio::any_io_executor& outer, const PipelineOptions& options)
    : options_(options),
      source_(pool, loop),
      loop_(loop),
      outer_(outer),
      acquire_timeout_(pool.config().database.acquire_timeout),
      query_timeout_(pool.config().database.query_timeout),
      longest_hold_(pool.config().database.leak_report_after.count() == 0
                        ? std::chrono::nanoseconds(longest_hold)
                        : std::min<std::chrono::nanoseconds>(
                              longest_hold, pool.config().database.leak_report_after / 2)),
      pool_name_(pool.config().name),
      timer_(loop) {}

bool PipelineEngine::accepts(const RegisteredQuery& query, const ParamView& params) noexcept {
  std::size_t size = query.sql.size();
  for (const int length : params.lengths)
    size += static_cast<std::size_t>(length);
  const bool is_one_statement = query.kind <= QueryKind::execresult;
  if (is_one_statement && !query.is_long && size <= options_.max_request_size) return true;
  to_pool_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

Deadline PipelineEngine::deadline_of(const CallOptions& options) const noexcept {
  if (options.deadline) return *options.deadline;
  return query_timeout_ ? after(*query_timeout_) : never;
}

void PipelineEngine::submit(PipelineRequestPtr request) {
  request->submitted = coarse_now();
  request->send_by = after(acquire_timeout_, request->submitted);
  {
    std::unique_lock lock(mutex_);
    if (!is_closed_) {
      incoming_.push_back(std::move(request));
      const bool is_first = !std::exchange(turn_is_scheduled_, true);
      lock.unlock();
      if (is_first) schedule_turn();
      return;
    }
  }
  request->complete(closed(pool_name_), {}, nullptr);
}

void PipelineEngine::schedule_turn() {
  asio::post(loop_, [self = shared_from_this()] { self->turn(); });
}

void PipelineEngine::withdraw(const PipelineRequestPtr& request) {
  for (;;) {
    Stage stage = request->stage.load(std::memory_order_acquire);
    if (stage == Stage::withdrawn) return;
    if (stage == Stage::sending) {
      std::this_thread::yield();  // the engine is copying its parameters
      continue;
    }
    if (request->stage.compare_exchange_weak(stage, Stage::withdrawn)) break;
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    withdrawn_.push_back(request);
    if (std::exchange(turn_is_scheduled_, true)) return;
  }
  schedule_turn();
}

PipelineStats PipelineEngine::stats() const {
  const std::lock_guard lock(mutex_);
  PipelineStats stats = stats_;
  stats.to_pool_total = to_pool_.load(std::memory_order_relaxed);
  stats.waiting += static_cast<std::uint32_t>(incoming_.size());
  return stats;
}

// Everything that the loop does ends here: callers are told, what came meanwhile is sent, the
// links are looked after.
void PipelineEngine::turn() {
  do {
    deliver();
    distribute();
  } while (take_incoming());
  drop_finished();
  if (wants_connection()) connect();
  set_timer();
  publish_stats();
}

void PipelineEngine::publish_stats() {
  std::uint32_t in_flight = 0;
  for (const LinkPtr& link : links_)
    in_flight += static_cast<std::uint32_t>(link->pipeline.in_flight());
  const std::lock_guard lock(mutex_);
  stats_.requests_total = requests_;
  stats_.retries_total = retries_;
  stats_.waiting = static_cast<std::uint32_t>(waiting_.size());
  stats_.connections = static_cast<std::uint32_t>(links_.size());
  stats_.in_flight = in_flight;
}

// A handler that throws leaves the others to the next turn.
void PipelineEngine::deliver() {
  while (!completed_.empty()) {
    Completion next = std::move(completed_.front());
    completed_.pop_front();
    try {
      next.request->complete(std::move(next.error), std::move(next.result), &outer_);
    } catch (...) {
      schedule_turn();
      throw;
    }
  }
}

// True when there is more to do.
bool PipelineEngine::take_incoming() {
  std::vector<PipelineRequestPtr> withdrawn;
  {
    const std::lock_guard lock(mutex_);
    taken_.swap(incoming_);
    withdrawn.swap(withdrawn_);
    if (taken_.empty() && withdrawn.empty()) {
      turn_is_scheduled_ = false;
      return !completed_.empty();
    }
  }
  for (PipelineRequestPtr& request : taken_) {
    if (request->deadline != never) expiries_.emplace(request->deadline, request);
    waiting_.push_back(std::move(request));
  }
  taken_.clear();
  for (const PipelineRequestPtr& request : withdrawn)
    request->is_done = true;
  if (!withdrawn.empty()) cancel_abandoned();
  return true;
}

void PipelineEngine::distribute() {
  LinkPtr link;
  while (!waiting_.empty()) {
    if (waiting_.front()->is_done ||
        waiting_.front()->stage.load(std::memory_order_relaxed) == Stage::withdrawn) {
      waiting_.pop_front();
      continue;
    }
    link = least_busy(link);
    if (!link) break;
    PipelineRequestPtr request = std::move(waiting_.front());
    waiting_.pop_front();
    send(*link, std::move(request));
  }
  for (const LinkPtr& each : links_) {
    if (each->has_sends) finish_sends(each);
  }
}

// The one that the last request went to, as long as it is not much busier than others: a server
// process that is woken for several requests costs less than several that are woken for one.
PipelineEngine::LinkPtr PipelineEngine::least_busy(const LinkPtr& last) const {
  const LinkPtr* best = nullptr;
  for (const LinkPtr& link : links_) {
    const std::size_t in_flight = link->pipeline.in_flight();
    if (!link->is_open() || in_flight >= options_.max_in_flight) continue;
    if (best == nullptr || in_flight < (*best)->pipeline.in_flight()) best = &link;
  }
  if (best == nullptr) return nullptr;
  if (last && last->is_open() && last->pipeline.in_flight() < options_.max_in_flight) {
    const std::size_t lowest = (*best)->pipeline.in_flight();
    if (last->pipeline.in_flight() <= lowest + lowest / 2) return last;
  }
  return *best;
}

void PipelineEngine::send(Link& link, PipelineRequestPtr request) {
  Stage waiting = Stage::waiting;
  if (!request->stage.compare_exchange_strong(waiting, Stage::sending)) return;
  PipelineRequest& sent = *request;
  const bool groups = options_.group_reads && sent.query->read_only && !sent.is_alone;
  if (!link.pipeline.is_synced() && (!groups || link.group >= largest_group)) {
    link.pipeline.sync();
    link.group = 0;
  }
  link.pipeline.send(std::move(request));
  sent.stage.store(Stage::sent, std::memory_order_release);
  link.has_sends = true;
  ++link.group;
  if (!groups) {
    link.pipeline.sync();
    link.group = 0;
  }
}

void PipelineEngine::finish_sends(const LinkPtr& link) {
  PipelineConnection& pipeline = link->pipeline;
  link->has_sends = false;
  if (!pipeline.is_synced()) pipeline.sync();
  link->group = 0;
  if (pipeline.flush() == Wait::read_or_write) {
    wait_for(link, asio::posix::stream_descriptor::wait_write);
  }
  if (pipeline.is_lost()) receive(link);
}

// Back to the head of the queue, unless its caller has left.
void PipelineEngine::again(PipelineRequestPtr request) {
  Stage sent = Stage::sent;
  if (request->is_done || !request->stage.compare_exchange_strong(sent, Stage::waiting)) return;
  ++retries_;
  request->is_alone = true;
  waiting_.push_front(std::move(request));
}

void PipelineEngine::complete(const PipelineRequestPtr& request, std::exception_ptr error,
                              Result result) {
  if (std::exchange(request->is_done, true)) return;
  ++requests_;
  completed_.push_back({request, std::move(error), std::move(result)});
}

void PipelineEngine::fail_waiting(const std::exception_ptr& error) {
  const std::deque<PipelineRequestPtr> failed = std::exchange(waiting_, {});
  for (const PipelineRequestPtr& request : failed)
    complete(request, error, {});
}

void PipelineEngine::give_up(const PipelineRequestPtr& request, std::exception_ptr error) {
  complete(request, std::move(error), {});
  cancel_abandoned();
  turn();
}

// One at a time, while requests wait or share connections.
bool PipelineEngine::wants_connection() const {
  if (connecting_ > 0) return false;
  std::uint32_t open = 0;
  bool shared = true;
  for (const LinkPtr& link : links_) {
    if (!link->is_open()) continue;
    ++open;
    shared = shared && link->pipeline.in_flight() > 1;
  }
  if (open >= options_.connections) return false;
  return !waiting_.empty() || (open > 0 && shared);
}

void PipelineEngine::connect() {
  ++connecting_;
  const auto take = [weak = weak_from_this()](const std::exception_ptr& error,
                                              PooledConnection connection) {
    const auto self = weak.lock();
    if (!self) return;
    --self->connecting_;
    if (!error) {
      self->connected(std::move(connection));
    } else if (self->links_.empty()) {
      self->fail_waiting(error);
    }
    self->turn();
  };
  async_acquire(source_, asio::bind_executor(loop_, take));
}

void PipelineEngine::connected(PooledConnection connection) {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
  }
  const auto link = std::make_shared<Link>(std::move(connection));
  wait_for(link, asio::posix::stream_descriptor::wait_read);
  links_.push_back(link);
}

void PipelineEngine::wait_for(const LinkPtr& link, asio::posix::stream_descriptor::wait_type type) {
  const bool to_write = type == asio::posix::stream_descriptor::wait_write;
  bool& waits = to_write ? link->waits_to_write : link->waits_to_read;
  if (std::exchange(waits, true)) return;
  auto& descriptor = EventLoopSocket::of(link->pipeline.session(), loop_).descriptor();
  descriptor.async_wait(type, asio::bind_executor(loop_, [self = shared_from_this(), link,
                                                          to_write](const error_code& error) {
                          (to_write ? link->waits_to_write : link->waits_to_read) = false;
                          if (error || link->is_gone) return;
                          self->receive(link);
                          self->turn();
                        }));
}

void PipelineEngine::receive(const LinkPtr& link) {
  PipelineConnection& pipeline = link->pipeline;
  pipeline.receive([&](PipelineRequestPtr request, PipelineAnswer answer) {
    answered(*link, std::move(request), std::move(answer));
  });
  if (pipeline.is_lost()) return;
  if (pipeline.in_flight() == 0) link->idle_since = coarse_now();
  if (pipeline.flush() == Wait::read_or_write) {
    wait_for(link, asio::posix::stream_descriptor::wait_write);
  }
  wait_for(link, asio::posix::stream_descriptor::wait_read);
  cancel_abandoned(link);
}

void PipelineEngine::answered(Link& link, PipelineRequestPtr request, PipelineAnswer answer) {
  if (request->is_done) return;
  const StatementFailure& failure = answer.failure;
  if (answer.aborted) return again(std::move(request));
  if (failure.statement_is_stale() && request->stale_attempts < most_stale_attempts) {
    ++request->stale_attempts;
    return again(std::move(request));
  }
  // Hit by what was meant for a neighbour, or on its way with nothing done that counts.
  const bool is_innocent =
      (failure.is_sqlstate("57014") && link.was_cancelled) ||
      (failure.kind == StatementFailure::Kind::connection_lost && request->query->read_only);
  if (is_innocent && !std::exchange(request->was_resent, true)) return again(std::move(request));

  const auto& observer = link.pipeline.session().observer;
  const bool watched = observer && observer->wants_queries();
  if (!failure) {
    if (watched) report(link, *request, answer.result, nullptr);
    complete(request, nullptr, std::move(answer.result));
    return;
  }
  try {
    failure.raise(request->query->full_name);
  } catch (const Error& error) {
    if (watched) report(link, *request, {}, &error);
    complete(request, std::current_exception(), {});
  }
}

void PipelineEngine::report(const Link& link, const PipelineRequest& request, const Result& result,
                            const Error* error) const {
  const detail::Session& session = link.pipeline.session();
  // Without the parameters, which may be gone with their caller.
  session.observer->on_query({.operation = Operation::execute,
                              .query = request.query,
                              .name = request.query->full_name,
                              .sql = request.query->sql,
                              .duration = Clock::now() - request.submitted,
                              .rows = rows_of(result),
                              .backend_pid = PQbackendPID(session.connection.get()),
                              .error = error,
                              .sqlstate = sqlstate_of(error)});
}

void PipelineEngine::cancel_abandoned() {
  for (const LinkPtr& link : links_)
    cancel_abandoned(link);
}

// A statement that runs for nobody holds up those behind it. Until the cancellation is through,
// nothing more is sent on this link; whom it hits by mistake is sent again.
void PipelineEngine::cancel_abandoned(const LinkPtr& link) {
  const PipelineRequest* head = link->pipeline.head();
  if (head == nullptr || link->cancel || link->pipeline.is_lost()) return;
  if (!head->is_done && head->stage.load(std::memory_order_relaxed) != Stage::withdrawn) return;
  const Deadline now = Clock::now();
  if (now < link->cancel_not_before) return;
  link->cancel_not_before = now + cancel_pause;
  link->was_cancelled = true;
  try {
    link->cancel.emplace(link->pipeline.session().cancel);
  } catch (const std::system_error&) {  // no descriptor to cancel with
    link->pipeline.session().broken = true;
    return;
  }
  link->cancelled.emplace(loop_, link->cancel->fd());
  link->cancelled->async_wait(
      asio::posix::stream_descriptor::wait_read,
      asio::bind_executor(loop_, [self = shared_from_this(), link](const error_code& error) {
        if (error || link->is_gone) return;
        link->cancelled->release();
        link->cancelled.reset();
        link->cancel.reset();
        self->receive(link);
        self->turn();
      }));
}

void PipelineEngine::retire(Deadline now) {
  const bool pool_closed = source_.is_pool_closed();
  if (pool_closed) fail_waiting(closed(pool_name_));
  for (const LinkPtr& link : links_) {
    const bool idle =
        link->pipeline.in_flight() == 0 && now - link->idle_since >= options_.idle_release;
    if (idle || pool_closed || now - link->since >= longest_hold_) link->is_retiring = true;
  }
}

// Links that are lost, or retire and have nothing on its way, go back to the pool.
void PipelineEngine::drop_finished() {
  const std::size_t dropped = std::erase_if(links_, [&](const LinkPtr& link) {
    const bool is_lost = link->pipeline.is_lost();
    const bool is_finished = link->is_retiring && link->pipeline.in_flight() == 0 && !link->cancel;
    if (!is_lost && !is_finished) return false;
    if (is_lost) receive(link);  // what is left of its requests
    link->give_back();
    return true;
  });
  if (dropped > 0 && (!completed_.empty() || !waiting_.empty())) schedule_turn();
}

void PipelineEngine::expire(Deadline now) {
  while (!expiries_.empty() && expiries_.top().first <= now) {
    const PipelineRequestPtr request = expiries_.top().second.lock();
    expiries_.pop();
    if (!request || request->is_done) continue;
    complete(request, thrown([&] {
               throw QueryTimeout(Report{.object = request->query->full_name,
                                         .problem = "deadline passed; the statement is cancelled"});
             }),
             {});
  }
  while (!waiting_.empty() && (waiting_.front()->is_done || waiting_.front()->send_by <= now)) {
    const PipelineRequestPtr request = std::move(waiting_.front());
    waiting_.pop_front();
    if (request->is_done) continue;
    complete(request,
             std::make_exception_ptr(AcquireTimeout(
                 Report{.object = "pool " + pool_name_,
                        .problem = "no connection took the request within acquire_timeout"})),
             {});
  }
  cancel_abandoned();
}

void PipelineEngine::set_timer() {
  if (links_.empty() && waiting_.empty()) {
    timer_at_ = never;
    timer_.cancel();
    return;
  }
  const Deadline now = coarse_now();
  Deadline next = now + tick;
  if (!expiries_.empty()) next = std::min(next, expiries_.top().first);
  if (timer_at_ <= next) return;
  timer_at_ = next;
  timer_.expires_at(next);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error) return;
    self->timer_at_ = never;
    const Deadline at = Clock::now();
    self->expire(at);
    self->retire(at);
    self->turn();
  });
}

void PipelineEngine::close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_closed_, true)) return;
    for (PipelineRequestPtr& request : incoming_)
      waiting_.push_back(std::move(request));
    incoming_.clear();
  }
  const std::exception_ptr error = closed(pool_name_);
  fail_waiting(error);
  for (const LinkPtr& link : links_) {
    for (const PipelineRequestPtr& request : link->pipeline.abandon())
      complete(request, error, {});
    link->give_back();
  }
  links_.clear();
  timer_.cancel();
  for (Completion& each : completed_)
    each.request->complete(std::move(each.error), std::move(each.result), nullptr);
  completed_.clear();
}

namespace {

class AsyncPipelineRequest final : public PipelineRequest {
 public:
  AsyncPipelineRequest(detail::AsyncRequest request, Deadline until,
                       std::unique_ptr<detail::AsyncCompletion> completion)
      : PipelineRequest(*request.query, request.params.view(), until),
        params_(std::move(request.params)),
        completion_(std::move(completion)) {}

  void complete(std::exception_ptr error, Result result,
                const asio::any_io_executor* running_on) override {
    const auto completion = std::move(completion_);
    completion->complete({.error = std::move(error), .result = std::move(result)}, running_on);
  }

 private:
  const OwnedParams params_;
  std::unique_ptr<detail::AsyncCompletion> completion_;
};

}  // namespace

void start_pipelined(const std::shared_ptr<PipelineEngine>& engine, const CallOptions& options,
                     detail::AsyncRequest request,
                     std::unique_ptr<detail::AsyncCompletion> completion,
                     asio::cancellation_slot cancellation) {
  auto call = std::make_shared<AsyncPipelineRequest>(
      std::move(request), engine->deadline_of(options), std::move(completion));
  if (cancellation.is_connected()) {
    cancellation.assign([weak = std::weak_ptr<PipelineRequest>(call),
                         keeper = std::weak_ptr(engine)](asio::cancellation_type type) {
      const auto alive = keeper.lock();
      if (!alive) return;
      asio::post(alive->loop(), [weak, alive, type] {
        const auto given_up = weak.lock();
        if (!given_up) return;
        const bool was_sent = given_up->stage.load() != Stage::waiting;
        if (was_sent && (type & ~asio::cancellation_type::total) == asio::cancellation_type::none) {
          return;
        }
        alive->give_up(
            given_up, std::make_exception_ptr(CallCancelled(Report{
                          .object = given_up->query->full_name, .problem = "the caller gave up"})));
      });
    });
  }
  engine->submit(std::move(call));
}

}  // namespace qm::pool
