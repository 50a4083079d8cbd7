// See call_run.hpp.
#include "pool/call_run.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <system_error>

#include "pool/report.hpp"

namespace qm::pool {
namespace {

// How long a cancelled statement may take to end before its connection is given up.
constexpr std::chrono::seconds drain_bound{1};

// How long it may take before it is cancelled once more; doubled each time.
constexpr std::chrono::milliseconds first_cancel_pause{20};

// How long a stream that was left may go on before its statement is cancelled: what is on its way
// is often all the rest.
constexpr std::chrono::milliseconds leave_bound{2};

}  // namespace

std::int64_t rows_of(const Result& result) {
  return result.columns() > 0 ? result.rows() : result.affected_rows();
}

std::int64_t rows_of(const std::vector<Result>& results) {
  std::int64_t rows = 0;
  for (const Result& result : results)
    rows += rows_of(result);
  return rows;
}

CallRun::CallRun(detail::Session& session, const Call& call, const CallOptions& options)
    : session_(session),
      call_(call),
      watched_(session.observer && session.observer->wants_queries()) {
  if (watched_ || session.query_timeout) started_ = Clock::now();
  if (options.deadline) {
    deadline_ = *options.deadline;
  } else if (session.query_timeout) {
    deadline_ = after(*session.query_timeout, started_);
  }
  until_ = deadline_;
  try {
    if (session.is_broken()) {
      throw ConnectionLost(Report{.object = std::string(call.name),
                                  .problem = "the connection broke in an earlier call"});
    }
    if (options.deadline && *options.deadline <= Clock::now()) throw_late("nothing was sent");
  } catch (const Error& error) {
    if (watched_) report(0, &error);
    throw;
  }
}

Wait CallRun::resume() {
  if (stage_ == Stage::running || stage_ == Stage::leaving) {
    const Wait wanted = operation_->resume();
    if (wanted != Wait::done) return wanted;
    if (!is_left()) {
      stage_ = Stage::done;
      return Wait::done;
    }
    // The sink wants no more: the statement is ended, so that the connection can go on. Inside a
    // transaction, which a cancellation would fail, the rest is read and dropped.
    was_left_ = true;
    stage_ = Stage::leaving;
    if (!is_in_transaction()) until_ = after(leave_bound);
    return resume();
  }
  if (stage_ == Stage::draining) {
    const Wait wanted = drain_->resume();
    if (wanted != Wait::done) return wanted;
    stage_ = Stage::done;
    settle();
  }
  return Wait::done;
}

void CallRun::time_out() {
  switch (stage_) {
    case Stage::running:
    case Stage::leaving:
      start_drain();
      return;
    case Stage::draining:
      if (Clock::now() < drain_until_) return cancel_again();
      session_.broken = true;
      late_ = "the server did not confirm the cancellation, the connection is given up";
      stage_ = Stage::done;
      return;
    case Stage::done:
      return;
  }
}

void CallRun::cancel() {
  if (stage_ != Stage::running) return;
  cancelled_ = true;
  start_drain();
}

void CallRun::start_drain() {
  was_idle_ = session_.transaction_status() == Connection::TransactionStatus::idle;
  drain_until_ = after(drain_bound);
  cancel_pause_ = first_cancel_pause;
  until_ = after(cancel_pause_);
  stage_ = Stage::draining;
  try {
    drain_.emplace(session_, *operation_);
  } catch (const std::system_error&) {  // no descriptor to cancel with
    drain_until_ = {};
    time_out();
  }
}

// The server drops a cancellation that comes before its statement.
void CallRun::cancel_again() {
  cancel_pause_ *= 2;
  until_ = std::min(drain_until_, after(cancel_pause_));
  try {
    drain_->cancel_again();
  } catch (const std::system_error&) {  // no descriptor: the first will have to do
  }
}

// A statement that had finished before the cancel could hit it gives its outcome all the same.
void CallRun::settle() {
  const StatementFailure& failure = operation_->failure();
  if (failure.is_sqlstate("57014") || (!failure && !operation_->executed())) {
    late_ = "the statement was cancelled";
  } else if (!failure && drain_->cancel_came_late() && !was_idle_ &&
             session_.transaction_status() == Connection::TransactionStatus::failed) {
    late_ = "the cancellation failed the transaction";
  }
}

void CallRun::throw_late(const char* how) const {
  Report report{.object = std::string(call_.name)};
  if (cancelled_) {
    report.problem = fmt::format("the caller gave up; {}", how);
    throw CallCancelled(std::move(report));
  }
  report.problem = fmt::format("deadline passed; {}", how);
  throw QueryTimeout(std::move(report));
}

void CallRun::throw_unless_in_time() const {
  // A stream that was left outside a transaction was cancelled on its sink's behalf.
  if (late_ != nullptr && !(was_left_ && !is_in_transaction())) throw_late(late_);
}

void CallRun::throw_failure() {
  const StatementFailure& failure = operation_->failure();
  if (!failure) return;
  session_.broken = session_.broken || failure.kind == StatementFailure::Kind::connection_lost;
  failure.raise(operation_->label(call_.name));
}

void CallRun::report(std::int64_t rows, const Error* error) const {
  QueryEvent event{.operation = call_.operation,
                   .query = call_.query,
                   .name = call_.name,
                   .sql = call_.sql,
                   .params = call_.params,
                   .rows = rows,
                   .backend_pid = PQbackendPID(session_.connection.get()),
                   .error = error,
                   .sqlstate = sqlstate_of(error)};
  const Deadline now = Clock::now();
  Deadline started = started_;
  if (operation_ != nullptr && operation_->prepared_at() != Deadline{}) {
    QueryEvent prepare = event;
    prepare.operation = Operation::prepare;
    prepare.params = nullptr;
    prepare.rows = 0;
    prepare.error = nullptr;
    prepare.sqlstate = {};
    prepare.duration = operation_->prepared_at() - started;
    session_.observer->on_query(prepare);
    started = operation_->prepared_at();
  }
  event.duration = now - started;
  session_.observer->on_query(event);
}

void run_to_end(CallRun& run) {
  for (;;) {
    const Wait wanted = run.resume();
    if (wanted == Wait::done) return;
    const Readiness readiness = wait(run.fd(), wanted, run.wait_until());
    if (readiness == Readiness::ready) continue;
    if (readiness == Readiness::ready_late && run.resume() == Wait::done) return;
    run.time_out();
  }
}

void require_available(const RegisteredQuery& query) {
  if (!query.unavailable.empty()) throw QueryUnavailable(Report{.problem = query.unavailable});
}

void require_no_nul(std::string_view sql, std::string_view name) {
  if (sql.find('\0') == std::string_view::npos) return;
  throw DecodeError(Report{
      .object = std::string(name), .expected = "text without NUL", .found = "a NUL in the sql"});
}

}  // namespace qm::pool
