// What the pipelined executor runs on: takes requests from any thread, gathers those that came
// since the loop's last turn, sends them on the least busy of its connections, completes them as
// their answers come. One turn at a time, on an Asio event loop. Not for what a connection does
// with them (pipeline_connection.hpp).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <mutex>
#include <quartermaster/asio.hpp>
#include <quartermaster/pipeline.hpp>
#include <thread>
#include <vector>

#include "pool/pipeline_connection.hpp"

namespace qm::pool {

struct PipelineLink;

class PipelineEngine : public std::enable_shared_from_this<PipelineEngine> {
 public:
  // `loop` runs one handler at a time: a strand, or a context with one thread. `outer` is what it
  // runs on: the strand's own executor, or the same.
  PipelineEngine(Pool& pool, const boost::asio::any_io_executor& loop,
                 const boost::asio::any_io_executor& outer, const PipelineOptions& options);
  ~PipelineEngine();
  PipelineEngine(const PipelineEngine&) = delete;
  PipelineEngine& operator=(const PipelineEngine&) = delete;

  // All of these from any thread.
  bool accepts(const RegisteredQuery& query, const ParamView& params) noexcept;
  void submit(PipelineRequestPtr request);
  // None: query_timeout from now on.
  Deadline deadline_of(const CallOptions& options) const noexcept;
  // The caller no longer waits. After it, the request's params are not read any more.
  void withdraw(const PipelineRequestPtr& request);
  PipelineStats stats() const;
  const boost::asio::any_io_executor& loop() const noexcept { return loop_; }

  // On the loop: the caller has given up. Ends it with CallCancelled, if it is not over.
  void cancel(const PipelineRequestPtr& request);
  // What a request ends with at its deadline.
  static QueryTimeout late(const PipelineRequest& request);
  // On the loop, or when it has stopped.
  void close();

 private:
  using LinkPtr = std::shared_ptr<PipelineLink>;
  struct Completion {
    PipelineRequestPtr request;
    std::exception_ptr error;
    Result result;
  };

  void schedule_turn();
  void turn();
  bool take_incoming();
  void expire(Deadline now);
  void distribute();
  LinkPtr choose(const LinkPtr& last, Deadline now) const;
  void send(PipelineLink& link, PipelineRequestPtr request);
  void finish_sends(const LinkPtr& link);
  void again(PipelineRequestPtr request);
  void complete(const PipelineRequestPtr& request, std::exception_ptr error, Result result);
  void drop(const PipelineRequestPtr& request);
  void settle(PipelineRequest& request);
  void give_up(const PipelineRequestPtr& request, const Error& error, std::exception_ptr thrown);
  void deliver();
  std::exception_ptr closed() const;
  void fail_waiting(const std::exception_ptr& error);

  bool may_connect(Deadline now) const;
  bool wants_connection() const;
  void connect();
  void connected(PooledConnection connection);
  void wait_for(const LinkPtr& link, boost::asio::posix::stream_descriptor::wait_type type);
  void receive(const LinkPtr& link);
  void answered(PipelineLink& link, PipelineRequestPtr request, PipelineAnswer answer);
  void cancel_abandoned(const LinkPtr& link);
  void cancel_abandoned();
  void retire(Deadline now);
  void drop_finished();
  void set_timer();
  void publish_stats();
  void report(const PipelineRequest& request, int backend_pid, const Result& result,
              const Error* error) const;

  const PipelineOptions options_;
  const AsyncExecutor source_;  // of connections
  const boost::asio::any_io_executor loop_;
  const boost::asio::any_io_executor outer_;
  const std::chrono::nanoseconds acquire_timeout_;
  const std::optional<std::chrono::milliseconds> query_timeout_;
  const std::chrono::nanoseconds longest_hold_;
  const std::string pool_name_;
  const ObserverPtr observer_;

  mutable std::mutex mutex_;
  std::vector<PipelineRequestPtr> incoming_;
  std::vector<PipelineRequestPtr> withdrawn_;
  bool turn_is_scheduled_ = false;
  bool is_closed_ = false;
  PipelineStats stats_;
  std::atomic<std::uint64_t> to_pool_{0};

  // The rest is the loop's.
  std::vector<PipelineRequestPtr> taken_;
  std::deque<PipelineRequestPtr> waiting_;
  PipelineExpiries expiries_;  // of requests that are not over
  std::vector<LinkPtr> links_;
  std::deque<Completion> completed_;  // and not told yet
  bool is_connecting_ = false;
  Deadline connect_not_before_{};
  std::uint64_t retries_ = 0;
  std::uint64_t requests_ = 0;
  boost::asio::steady_timer timer_;
  Deadline timer_at_ = never;
};

// An asynchronous call of a registered query, which the engine accepts.
void start_pipelined(const std::shared_ptr<PipelineEngine>& engine, const CallOptions& options,
                     detail::AsyncRequest request,
                     std::unique_ptr<detail::AsyncCompletion> completion,
                     boost::asio::cancellation_slot cancellation);

}  // namespace qm::pool
