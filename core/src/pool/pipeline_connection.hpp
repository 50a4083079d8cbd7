// One connection that many requests share: they are sent one behind the other in libpq's pipeline
// mode and answered in that order. Sends, flushes and reads without waiting; which request goes to
// which connection, and what becomes of its answer, is PipelineEngine's part. One thread at a time.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <quartermaster/query.hpp>
#include <string>
#include <vector>

#include "pool/failure.hpp"
#include "pool/session.hpp"
#include "pool/wait.hpp"

namespace boost::asio {
class any_io_executor;
}

namespace qm::pool {

class PipelineRequest;
using PipelineRequestPtr = std::shared_ptr<PipelineRequest>;
// By deadline.
using PipelineExpiries = std::multimap<Deadline, PipelineRequestPtr>;

// One call of a registered query. Shared by its caller and the engine.
class PipelineRequest {
 public:
  PipelineRequest(const RegisteredQuery& what, const ParamView& with, Deadline until)
      : query(&what), params(with), deadline(until) {}
  virtual ~PipelineRequest() = default;
  PipelineRequest(const PipelineRequest&) = delete;
  PipelineRequest& operator=(const PipelineRequest&) = delete;

  // Once, without the engine's lock. `error` is null with a result. `running_on` is the executor
  // that the engine runs on, null when no foreign code is to be run. May throw what a handler
  // throws.
  virtual void complete(std::exception_ptr error, Result result,
                        const boost::asio::any_io_executor* running_on) = 0;

  const RegisteredQuery* query;
  const ParamView params;  // valid until it is sent or withdrawn
  const Deadline deadline;
  Deadline submitted{};
  Deadline send_by = never;  // acquire_timeout

  // Only a caller whose frame holds the params needs it: they are read while it is `sending`.
  enum class Stage : std::uint32_t { waiting, sending, sent, withdrawn };
  std::atomic<Stage> stage{Stage::waiting};
  std::atomic<bool> was_sent{false};  // once at least

  // The engine's.
  bool is_done = false;      // completed: the answer is dropped
  bool is_alone = false;     // after a failure beside it: no other request under its Sync
  bool was_resent = false;   // after the loss of its connection, or a cancellation that was not
                             // meant for it: not a third time
  int stale_attempts = 0;    // after 2 it is sent unnamed
  StatementFailure failure;  // of its preparation
  std::optional<PipelineExpiries::iterator> expiry;
};

struct PipelineAnswer {
  Result result{};
  StatementFailure failure{};
  bool aborted = false;  // by the failure of another request under the same Sync: not executed
};

class PipelineConnection {
 public:
  // The session must outlive it and not be used by anybody else meanwhile.
  explicit PipelineConnection(detail::Session& session);
  // Unless it has left before, the connection is lost.
  ~PipelineConnection();
  PipelineConnection(const PipelineConnection&) = delete;
  PipelineConnection& operator=(const PipelineConnection&) = delete;

  // Queues the request, prepared on first use. is_lost() when the connection does not take it.
  void send(PipelineRequestPtr request);
  // Ends what was sent since the last one: an implicit transaction of its own.
  void sync();
  bool is_synced() const noexcept { return is_synced_; }
  // What is left to be written: Wait::done, or read_or_write.
  Wait flush();

  // Reads what has arrived and hands each answer to `take(PipelineRequestPtr, PipelineAnswer)`.
  // After the end of the connection it answers all the rest.
  template <class Take>
  void receive(const Take& take) {
    read();
    for (Answered& each : answers_)
      take(std::move(each.request), std::move(each.answer));
    answers_.clear();
  }

  std::size_t in_flight() const noexcept { return in_flight_; }
  // The request whose answer comes next; null when none is in flight.
  const PipelineRequest* head() const noexcept;
  bool is_lost() const noexcept { return session_.broken; }
  detail::Session& session() const noexcept { return session_; }
  // The connection is as any other again; lost when something is in flight.
  void leave();
  // The requests in flight, whose answers nobody will read: the connection is lost.
  std::vector<PipelineRequestPtr> abandon();

 private:
  struct Item {
    enum class Kind : std::uint8_t { prepare, execute, close, sync };
    Kind kind;
    PipelineRequestPtr request{};
  };
  struct Answered {
    PipelineRequestPtr request;
    PipelineAnswer answer;
  };

  void prepare(const PipelineRequestPtr& request);
  void execute(PipelineRequestPtr request);
  void close_evicted();
  bool sent(int success, Item item);
  void read();
  void keep(pg_result* result);
  void end_item();
  void lose(StatementFailure failure);

  detail::Session& session_;
  std::deque<Item> items_;  // sent and not answered
  std::vector<Answered> answers_;
  PipelineAnswer current_;  // of the first item
  bool has_current_ = false;
  bool is_synced_ = true;
  bool has_left_ = false;
  std::size_t in_flight_ = 0;
};

}  // namespace qm::pool
