// One call on a connection from its start to its outcome: the operation, the cancellation and
// draining when its time is up, the end of a stream that its sink has left, the report to the
// observer. Waits for nothing itself: a blocking caller drives it with run_to_end(), an event loop
// with waits of its own. Not for getting the connection.
#pragma once

#include <concepts>
#include <optional>
#include <quartermaster/error.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "pool/copy_operation.hpp"
#include "pool/drain_operation.hpp"
#include "pool/session.hpp"
#include "pool/stream_operation.hpp"

namespace qm::pool {

// What is run, for the observer and for messages. Views of what outlives the call.
struct Call {
  Operation operation = Operation::execute;
  const RegisteredQuery* query = nullptr;
  std::string_view name{};
  std::string_view sql{};
  const ParamView* params = nullptr;
};

// What driving takes, whatever is run.
class CallRun {
 public:
  virtual ~CallRun() = default;
  CallRun(const CallRun&) = delete;
  CallRun& operator=(const CallRun&) = delete;

  // Goes on as far as it can; Wait::done when the outcome is there.
  Wait resume();
  int fd() const noexcept { return drain_ ? drain_->fd() : operation_->fd(); }
  // How long to wait; then time_out(), and resume() again.
  Deadline wait_until() const noexcept { return until_; }
  void time_out();
  // The caller has given up: ends as at the deadline, with CallCancelled.
  void cancel();

 protected:
  // Throws what refuses the call before anything is sent, having told the observer.
  CallRun(detail::Session& session, const Call& call, const CallOptions& options);
  void begin(CallOperation& operation) noexcept { operation_ = &operation; }

  // Whether the sink has left the stream, which then reads and drops the rest.
  virtual bool is_left() const noexcept { return false; }
  virtual bool is_in_transaction() const noexcept { return false; }

  // Throws QueryTimeout or CallCancelled when that is the outcome.
  void throw_unless_in_time() const;
  void throw_failure();
  bool is_watched() const noexcept { return watched_; }
  void report(std::int64_t rows, const Error* error) const;

  detail::Session& session_;

 private:
  enum class Stage : std::uint8_t {
    running,
    leaving,   // the sink wants no more
    draining,  // cancelled
    done,
  };

  void start_drain();
  void cancel_again();
  void settle();
  [[noreturn]] void throw_late(const char* how) const;

  const Call call_;
  CallOperation* operation_ = nullptr;
  std::optional<DrainOperation> drain_;
  Stage stage_ = Stage::running;
  const bool watched_;
  bool was_left_ = false;
  bool was_idle_ = true;
  bool cancelled_ = false;
  const char* late_ = nullptr;  // how a call that was not in time has ended
  Deadline started_{};
  Deadline deadline_ = never;
  Deadline until_ = never;
  Deadline drain_until_ = never;
  std::chrono::milliseconds cancel_pause_{};
};

std::int64_t rows_of(const Result& result);
std::int64_t rows_of(const std::vector<Result>& results);
inline std::int64_t rows_of(std::int64_t rows) {
  return rows;
}

// `begin` gives the operation: not before the base has let the call start.
template <class Operation>
class OperationRun final : public CallRun {
 public:
  template <class Begin>
  OperationRun(detail::Session& session, const Call& call, const CallOptions& options,
               const Begin& begin)
      : CallRun(session, call, options), operation_(begin()) {
    CallRun::begin(operation_);
  }

  // After Wait::done, once: the result, or throws.
  auto outcome() {
    try {
      auto result = take();
      if (is_watched()) report(rows_of(result), nullptr);
      return result;
    } catch (const Error& error) {
      if (is_watched()) report(0, &error);
      throw;
    }
  }

 private:
  auto take() {
    throw_unless_in_time();
    if constexpr (std::same_as<Operation, StreamOperation>) {
      if (operation_.sink_failure()) std::rethrow_exception(operation_.sink_failure());
      if (operation_.was_left()) return operation_.take_result();
    }
    if constexpr (std::same_as<Operation, CopyOperation>) {
      if (operation_.source_failure() && !session_.broken) {
        std::rethrow_exception(operation_.source_failure());
      }
    }
    throw_failure();
    return operation_.take_result();
  }

  bool is_left() const noexcept override {
    if constexpr (std::same_as<Operation, StreamOperation>) return operation_.is_paused();
    return false;
  }
  bool is_in_transaction() const noexcept override {
    if constexpr (std::same_as<Operation, StreamOperation>) return operation_.in_transaction();
    return false;
  }

  Operation operation_;
};

// The blocking driver.
void run_to_end(CallRun& run);

// Refusals that need no connection.
void require_available(const RegisteredQuery& query);
// libpq stops at a NUL; the server would run something else than was asked for.
void require_no_nul(std::string_view sql, std::string_view name);

}  // namespace qm::pool
