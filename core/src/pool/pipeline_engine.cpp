// See pipeline_engine.hpp.
#include "pool/pipeline_engine.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <quartermaster/error.hpp>
#include <utility>

#include "pool/call_run.hpp"
#include "pool/event_loop_socket.hpp"
#include "pool/parker.hpp"
#include "pool/pipeline_link.hpp"
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

}  // namespace

PipelineEngine::~PipelineEngine() {
  close();
}

std::exception_ptr PipelineEngine::closed() const {
  return std::make_exception_ptr(PoolClosed(
      Report{.object = "pool " + pool_name_, .problem = "the pipelined executor is closed"}));
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
      observer_(source_.observer()),
      timer_(loop) {}

bool PipelineEngine::accepts(const RegisteredQuery& query, const ParamView& params) noexcept {
  const std::size_t size = query.sql.size() + bytes_of(params);
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
  request->complete(closed(), {}, nullptr);
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
    if (request->deadline != never) {
      request->expiry = expiries_.emplace(request->deadline, request);
    }
    waiting_.push_back(std::move(request));
  }
  taken_.clear();
  for (const PipelineRequestPtr& request : withdrawn)
    drop(request);
  if (!withdrawn.empty()) cancel_abandoned();
  return true;
}

void PipelineEngine::distribute() {
  const Deadline now = coarse_now();
  LinkPtr link;
  while (!waiting_.empty()) {
    if (waiting_.front()->is_done ||
        waiting_.front()->stage.load(std::memory_order_relaxed) == Stage::withdrawn) {
      waiting_.pop_front();
      continue;
    }
    link = choose(link, now);
    if (!link) break;
    PipelineRequestPtr request = std::move(waiting_.front());
    waiting_.pop_front();
    send(*link, std::move(request));
  }
  for (const LinkPtr& each : links_) {
    if (each->has_sends) finish_sends(each);
  }
}

// Not one that a slow statement holds up, as long as there is another or will be. Else the one that
// the last request went to, if it is not much busier than others: a server process that is woken
// for several requests costs less than several that are woken for one.
PipelineEngine::LinkPtr PipelineEngine::choose(const LinkPtr& last, Deadline now) const {
  const LinkPtr* best = nullptr;
  std::size_t lowest = 0;
  const auto takes = [&](const PipelineLink& link) {
    return link.is_open() && link.pipeline.in_flight() < options_.max_in_flight;
  };
  for (const LinkPtr& link : links_) {
    if (!takes(*link)) continue;
    const std::size_t load =
        link->pipeline.in_flight() + (link->is_held_up(now) ? options_.max_in_flight : 0);
    if (best == nullptr || load < lowest) {
      best = &link;
      lowest = load;
    }
  }
  if (best == nullptr) return nullptr;
  if ((*best)->is_held_up(now)) return may_connect(now) ? nullptr : *best;
  const bool sticks = last && takes(*last) && !last->is_held_up(now) &&
                      last->pipeline.in_flight() <= lowest + lowest / 2;
  return sticks ? last : *best;
}

void PipelineEngine::send(PipelineLink& link, PipelineRequestPtr request) {
  Stage waiting = Stage::waiting;
  if (!request->stage.compare_exchange_strong(waiting, Stage::sending)) return;
  PipelineRequest& sent = *request;
  const bool groups = options_.group_reads && sent.query->read_only && !sent.is_alone;
  if (!link.pipeline.is_synced() && (!groups || link.group >= largest_group)) {
    link.pipeline.sync();
    link.group = 0;
  }
  if (link.pipeline.in_flight() == 0) link.moved_at = coarse_now();
  link.pipeline.send(std::move(request));
  sent.was_sent.store(true, std::memory_order_relaxed);
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
  request->send_by = after(acquire_timeout_, coarse_now());
  waiting_.push_front(std::move(request));
}

void PipelineEngine::complete(const PipelineRequestPtr& request, std::exception_ptr error,
                              Result result) {
  if (request->is_done) return;
  settle(*request);
  completed_.push_back({request, std::move(error), std::move(result)});
}

// Its caller has left by itself, at its deadline.
void PipelineEngine::drop(const PipelineRequestPtr& request) {
  if (request->is_done) return;
  settle(*request);
  const QueryTimeout error = late(*request);
  report(*request, 0, {}, &error);
}

void PipelineEngine::settle(PipelineRequest& request) {
  request.is_done = true;
  ++requests_;
  if (request.expiry) expiries_.erase(*std::exchange(request.expiry, std::nullopt));
}

void PipelineEngine::fail_waiting(const std::exception_ptr& error) {
  const std::deque<PipelineRequestPtr> failed = std::exchange(waiting_, {});
  for (const PipelineRequestPtr& request : failed)
    complete(request, error, {});
}

void PipelineEngine::give_up(const PipelineRequestPtr& request, const Error& error,
                             std::exception_ptr thrown) {
  if (request->is_done) return;
  report(*request, 0, {}, &error);
  complete(request, std::move(thrown), {});
}

void PipelineEngine::cancel(const PipelineRequestPtr& request) {
  const CallCancelled error(
      Report{.object = request->query->full_name, .problem = "the caller gave up"});
  give_up(request, error, std::make_exception_ptr(error));
  cancel_abandoned();
  turn();
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

void PipelineEngine::answered(PipelineLink& link, PipelineRequestPtr request,
                              PipelineAnswer answer) {
  link.moved_at = coarse_now();
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

  const int pid = PQbackendPID(link.pipeline.session().connection.get());
  if (!failure) {
    report(*request, pid, answer.result, nullptr);
    complete(request, nullptr, std::move(answer.result));
    return;
  }
  try {
    failure.raise(request->query->full_name);
  } catch (const Error& error) {
    report(*request, pid, {}, &error);
    complete(request, std::current_exception(), {});
  }
}

void PipelineEngine::report(const PipelineRequest& request, int backend_pid, const Result& result,
                            const Error* error) const {
  if (!observer_ || !observer_->wants_queries()) return;
  // Without the parameters, which may be gone with their caller.
  observer_->on_query({.operation = Operation::execute,
                       .query = request.query,
                       .name = request.query->full_name,
                       .sql = request.query->sql,
                       .duration = Clock::now() - request.submitted,
                       .rows = rows_of(result),
                       .backend_pid = backend_pid,
                       .error = error,
                       .sqlstate = sqlstate_of(error)});
}

}  // namespace qm::pool
