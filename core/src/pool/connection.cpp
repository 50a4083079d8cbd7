// The blocking Connection: drives the operations with wait(), turns failures into the error tree,
// and tells the observer.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <concepts>
#include <exception>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>

#include "pool/batch_operation.hpp"
#include "pool/connect_operation.hpp"
#include "pool/copy_operation.hpp"
#include "pool/drain_operation.hpp"
#include "pool/query_operation.hpp"
#include "pool/report.hpp"
#include "pool/session.hpp"
#include "pool/stream_operation.hpp"

namespace qm {

using detail::Session;
using pool::QueryOperation;
using pool::StatementFailure;

namespace {

// How long a cancelled statement may take to end before its connection is given up.
constexpr std::chrono::seconds drain_bound{1};

// What is run, for the observer and for messages.
struct Call {
  Operation operation = Operation::execute;
  const RegisteredQuery* query = nullptr;
  std::string_view name{};
  std::string_view sql{};
  const ParamView* params = nullptr;
};

bool drain(Session& session, pool::CallOperation& call, bool& cancel_came_late) {
  const Deadline bound = pool::after(drain_bound);
  try {
    pool::DrainOperation operation(session, call);
    if (!pool::drive(operation, bound)) return false;
    cancel_came_late = operation.cancel_came_late();
    return true;
  } catch (const std::system_error&) {  // no descriptor or thread to cancel with
    return false;
  }
}

[[noreturn]] void throw_timeout(const Call& call, const char* outcome) {
  throw QueryTimeout(Report{.object = std::string(call.name),
                            .problem = fmt::format("deadline passed; {}", outcome)});
}

// Gives back normally only when the statement had finished before the cancel could hit it.
void settle_timeout(Session& session, pool::CallOperation& operation, const Call& call) {
  const bool was_idle = session.transaction_status() == Connection::TransactionStatus::idle;
  bool cancel_came_late = false;
  if (!drain(session, operation, cancel_came_late)) {
    session.broken = true;
    throw_timeout(call, "the server did not confirm the cancellation, the connection is given up");
  }
  const StatementFailure& failure = operation.failure();
  if (failure.is_sqlstate("57014") || (!failure && !operation.executed())) {
    throw_timeout(call, "the statement was cancelled");
  }
  if (!failure && cancel_came_late && !was_idle &&
      session.transaction_status() == Connection::TransactionStatus::failed) {
    throw_timeout(call, "the cancellation failed the transaction");
  }
}

// How long a stream that was left may go on before its statement is cancelled: what is on its way
// is often all the rest.
constexpr std::chrono::milliseconds leave_bound{2};

// The sink wants no more: ends the statement, so that the connection can go on.
void leave(Session& session, pool::StreamOperation& operation, const Call& call,
           Deadline deadline) {
  if (operation.in_transaction()) {
    if (!pool::drive(operation, deadline)) settle_timeout(session, operation, call);
    return;
  }
  if (pool::drive(operation, pool::after(leave_bound))) return;
  bool cancel_came_late = false;
  if (!drain(session, operation, cancel_came_late)) session.broken = true;
}

template <class Operation>
auto perform(Session& session, Operation& operation, const Call& call, Deadline deadline) {
  if (!pool::drive(operation, deadline)) settle_timeout(session, operation, call);
  if constexpr (std::same_as<Operation, pool::StreamOperation>) {
    if (operation.is_paused()) leave(session, operation, call, deadline);
    if (operation.sink_failure()) std::rethrow_exception(operation.sink_failure());
    if (operation.was_left()) return operation.take_result();
  }
  if constexpr (std::same_as<Operation, pool::CopyOperation>) {
    if (operation.encoding_failure() && !session.broken)
      std::rethrow_exception(operation.encoding_failure());
  }
  if (const StatementFailure& failure = operation.failure()) {
    session.broken = session.broken || failure.kind == StatementFailure::Kind::connection_lost;
    failure.raise(operation.label(call.name));
  }
  return operation.take_result();
}

std::int64_t rows_of(const Result& result) {
  return result.columns() > 0 ? result.rows() : result.affected_rows();
}

std::int64_t rows_of(const std::vector<Result>& results) {
  std::int64_t rows = 0;
  for (const Result& result : results)
    rows += rows_of(result);
  return rows;
}

std::int64_t rows_of(std::int64_t rows) {
  return rows;
}

void report(const Session& session, const Call& call, Deadline started,
            const pool::CallOperation* operation, std::int64_t rows, const Error* error) {
  QueryEvent event{.operation = call.operation,
                   .query = call.query,
                   .name = call.name,
                   .sql = call.sql,
                   .params = call.params,
                   .rows = rows,
                   .backend_pid = PQbackendPID(session.connection.get()),
                   .error = error,
                   .sqlstate = pool::sqlstate_of(error)};
  const Deadline now = Clock::now();
  if (operation != nullptr && operation->prepared_at() != Deadline{}) {
    QueryEvent prepare = event;
    prepare.operation = Operation::prepare;
    prepare.params = nullptr;
    prepare.rows = 0;
    prepare.error = nullptr;
    prepare.sqlstate = {};
    prepare.duration = operation->prepared_at() - started;
    session.observer->on_query(prepare);
    started = operation->prepared_at();
  }
  event.duration = now - started;
  session.observer->on_query(event);
}

// `begin` gives the operation, so that nothing is sent when the call must not start.
template <class Begin>
auto run(Session& session, const Call& call, const CallOptions& options, Begin&& begin) {
  const bool watched = session.observer && session.observer->wants_queries();
  const Deadline started = watched || session.query_timeout ? Clock::now() : Deadline{};
  const Deadline deadline = options.deadline        ? *options.deadline
                            : session.query_timeout ? pool::after(*session.query_timeout, started)
                                                    : pool::never;
  const pool::CallOperation* seen = nullptr;
  try {
    if (session.is_broken()) {
      throw ConnectionLost(Report{.object = std::string(call.name),
                                  .problem = "the connection broke in an earlier call"});
    }
    if (options.deadline && *options.deadline <= Clock::now()) {
      throw_timeout(call, "nothing was sent");
    }
    auto operation = begin();
    seen = &operation;
    try {
      auto result = perform(session, operation, call, deadline);
      if (watched) report(session, call, started, &operation, rows_of(result), nullptr);
      return result;
    } catch (const Error& error) {
      if (watched) report(session, call, started, &operation, 0, &error);
      throw;
    }
  } catch (const Error& error) {
    if (watched && seen == nullptr) report(session, call, started, nullptr, 0, &error);
    throw;
  }
}

void require_available(const RegisteredQuery& query) {
  if (!query.unavailable.empty()) throw QueryUnavailable(Report{.problem = query.unavailable});
}

// libpq stops at a NUL; the server would run something else than was asked for.
void keep_sql(Session& session, std::string_view sql, std::string_view name) {
  if (sql.find('\0') != std::string_view::npos) {
    throw DecodeError(Report{
        .object = std::string(name), .expected = "text without NUL", .found = "a NUL in the sql"});
  }
  session.sql.assign(sql);
  session.last_statement.set(sql);
}

}  // namespace

Connection::Connection(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Connection::~Connection() = default;

std::unique_ptr<Connection> Connection::open(const ConnectionOptions& options, Deadline deadline,
                                             ObserverPtr observer) {
  const auto info = pool::Conninfo::parse(options.url, options.application_name);
  const Deadline started = Clock::now();
  pool::ConnectOperation operation(info, deadline);
  auto handle = pool::connect(operation);
  pool::report_connect(observer.get(), handle.get(), operation.failure(), started);
  if (!handle) operation.failure()->raise();
  auto session = std::make_unique<Session>(std::move(handle), options, std::move(observer));
  return std::unique_ptr<Connection>(new Connection(std::move(session)));
}

Result Connection::execute(const RegisteredQuery& query, const ParamView& params,
                           const CallOptions& options) {
  require_available(query);
  session_->last_statement.set(query);
  return run(*session_, {Operation::execute, &query, query.full_name, query.sql, &params}, options,
             [&] { return QueryOperation(*session_, query, params); });
}

Result Connection::execute(std::string_view sql, const ParamView& params,
                           const CallOptions& options, std::string_view name) {
  keep_sql(*session_, sql, name);
  return run(*session_, {Operation::execute, nullptr, name, sql, &params}, options,
             [&] { return QueryOperation(*session_, params); });
}

std::vector<Result> Connection::execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                              const CallOptions& options) {
  require_available(query);
  // Tried before anything is sent: what was sent could no longer be undone alone.
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows.at(i);
  if (rows.size() == 0) return {};
  session_->last_statement.set(query);
  return run(*session_, {Operation::execute, &query, query.full_name, query.sql, nullptr}, options,
             [&] { return pool::BatchOperation(*session_, query, rows); });
}

std::int64_t Connection::stream(const RegisteredQuery& query, const ParamView& params,
                                RowSink& sink, const CallOptions& options) {
  require_available(query);
  session_->last_statement.set(query);
  return run(*session_, {Operation::execute, &query, query.full_name, query.sql, &params}, options,
             [&] { return pool::StreamOperation(*session_, query, params, sink); });
}

std::int64_t Connection::copy_from(const RegisteredQuery& query, ParamRows& rows,
                                   const CallOptions& options) {
  require_available(query);
  if (!query.sql.starts_with("copy ")) return rows_of(execute_batch(query, rows, options));
  session_->last_statement.set(query);
  return run(*session_, {Operation::execute, &query, query.full_name, query.sql, nullptr}, options,
             [&] { return pool::CopyOperation(*session_, query, rows); });
}

std::int64_t Connection::copy_out(std::string_view sql,
                                  const std::function<bool(std::string_view data)>& take,
                                  const CallOptions& options, std::string_view name) {
  keep_sql(*session_, sql, name);
  return run(*session_, {Operation::execute, nullptr, name, sql, nullptr}, options,
             [&] { return pool::StreamOperation(*session_, take); });
}

Result Connection::execute_script(std::string_view sql, const CallOptions& options,
                                  std::string_view name) {
  keep_sql(*session_, sql, name);
  return run(*session_, {Operation::execute, nullptr, name, sql, nullptr}, options,
             [&] { return QueryOperation(*session_); });
}

StatementDescription Connection::describe(std::string_view sql,
                                          std::span<const Oid> parameter_types,
                                          const CallOptions& options, std::string_view name) {
  keep_sql(*session_, sql, name);
  const Result result = run(*session_, {Operation::prepare, nullptr, name, sql, nullptr}, options,
                            [&] { return QueryOperation(*session_, parameter_types); });
  StatementDescription description;
  for (int i = 0; i < PQnparams(result.get()); ++i)
    description.parameters.push_back(PQparamtype(result.get(), i));
  for (int i = 0; i < result.columns(); ++i) {
    description.columns.push_back({std::string(result.column_name(i)), result.column_type(i)});
  }
  return description;
}

std::vector<Notification> Connection::take_notifications() {
  PGconn* const connection = session_->connection.get();
  const bool alive = !session_->is_broken() && PQconsumeInput(connection) != 0;
  std::vector<Notification> taken;
  while (const std::unique_ptr<PGnotify, decltype(&PQfreemem)> next{PQnotifies(connection),
                                                                    &PQfreemem}) {
    taken.push_back({next->relname, next->extra, next->be_pid});
  }
  // What came before the end is not lost.
  if (!alive && taken.empty()) {
    session_->broken = true;
    throw ConnectionLost(
        Report{.object = "notifications", .problem = pool::one_line(PQerrorMessage(connection))});
  }
  return taken;
}

std::vector<Notification> Connection::wait_for_notifications(Deadline deadline) {
  for (;;) {
    std::vector<Notification> taken = take_notifications();
    if (!taken.empty()) return taken;
    if (pool::wait(session_->fd(), pool::Wait::read, deadline) != pool::Readiness::ready) {
      return take_notifications();
    }
  }
}

int Connection::socket() const noexcept {
  return session_->fd();
}

Result Connection::control(Operation operation, std::string_view sql, const CallOptions& options) {
  keep_sql(*session_, sql, sql);
  return run(*session_, {operation, nullptr, sql, sql, nullptr}, options,
             [&] { return QueryOperation(*session_); });
}

Connection::TransactionStatus Connection::transaction_status() const noexcept {
  return session_->transaction_status();
}

bool Connection::is_broken() const noexcept {
  return session_->is_broken();
}

int Connection::backend_pid() const noexcept {
  return PQbackendPID(session_->connection.get());
}

int Connection::server_version() const noexcept {
  return PQserverVersion(session_->connection.get());
}

std::string Connection::parameter_status(const std::string& name) const {
  const char* value = PQparameterStatus(session_->connection.get(), name.c_str());
  return value != nullptr ? value : "";
}

}  // namespace qm
