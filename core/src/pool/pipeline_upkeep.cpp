// The pipeline engine's connections and its clock: taking connections from the pool, cancelling
// what runs for nobody, deadlines, giving connections back. Requests and answers are in
// pipeline_engine.cpp.
#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <quartermaster/error.hpp>
#include <utility>

#include "pool/pipeline_engine.hpp"
#include "pool/pipeline_link.hpp"

namespace qm::pool {

namespace asio = boost::asio;
using boost::system::error_code;
using Stage = PipelineRequest::Stage;

namespace {

// How often the links are looked after.
constexpr std::chrono::milliseconds tick{50};
// After a connection could not be had.
constexpr std::chrono::milliseconds connect_pause{100};
// Between two cancellations on one connection: the first may not have reached the server.
constexpr std::chrono::milliseconds cancel_pause{100};

}  // namespace

// One at a time, and not at once after a failure.
bool PipelineEngine::may_connect(Deadline now) const {
  const auto open = static_cast<std::uint32_t>(std::count_if(
      links_.begin(), links_.end(), [](const LinkPtr& link) { return link->is_open(); }));
  return open < options_.connections && now >= connect_not_before_;
}

// While requests wait or share connections.
bool PipelineEngine::wants_connection() const {
  if (is_connecting_ || !may_connect(coarse_now())) return false;
  const bool all_shared = std::all_of(links_.begin(), links_.end(), [](const LinkPtr& link) {
    return !link->is_open() || link->pipeline.in_flight() > 1;
  });
  return !waiting_.empty() || (!links_.empty() && all_shared);
}

void PipelineEngine::connect() {
  is_connecting_ = true;
  const auto take = [weak = weak_from_this()](const std::exception_ptr& error,
                                              PooledConnection connection) {
    const auto self = weak.lock();
    if (!self) return;
    self->is_connecting_ = false;
    if (!error) {
      self->connected(std::move(connection));
    } else {
      self->connect_not_before_ = Clock::now() + connect_pause;
      if (self->links_.empty()) self->fail_waiting(error);
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
  const auto link = std::make_shared<PipelineLink>(std::move(connection));
  wait_for(link, asio::posix::stream_descriptor::wait_read);
  links_.push_back(link);
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
  if (pool_closed) fail_waiting(closed());
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

QueryTimeout PipelineEngine::late(const PipelineRequest& request) {
  return QueryTimeout(Report{.object = request.query->full_name,
                             .problem = request.was_sent.load(std::memory_order_relaxed)
                                            ? "deadline passed; the statement is cancelled"
                                            : "deadline passed; nothing was sent"});
}

void PipelineEngine::expire(Deadline now) {
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const PipelineRequestPtr request = expiries_.begin()->second;
    const QueryTimeout error = late(*request);
    give_up(request, error, std::make_exception_ptr(error));
  }
  while (!waiting_.empty() && (waiting_.front()->is_done || waiting_.front()->send_by <= now)) {
    const PipelineRequestPtr request = std::move(waiting_.front());
    waiting_.pop_front();
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
  if (!expiries_.empty()) next = std::min(next, expiries_.begin()->first);
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
  const std::exception_ptr error = closed();
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

}  // namespace qm::pool
