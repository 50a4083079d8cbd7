// The blocking Connection: each call an operation, driven to its end.
#include <libpq-fe.h>

#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <type_traits>

#include "pool/batch_operation.hpp"
#include "pool/call_run.hpp"
#include "pool/connect_operation.hpp"
#include "pool/report.hpp"
#include "pool/session.hpp"

namespace qm {

using detail::Session;
using pool::Call;
using pool::QueryOperation;
using pool::require_available;
using pool::rows_of;

namespace {

// Drives an operation, which `begin` gives, to its outcome.
template <class Begin>
auto run(Session& session, const Call& call, const CallOptions& options, const Begin& begin) {
  pool::OperationRun<std::invoke_result_t<const Begin&>> run(session, call, options, begin);
  pool::run_to_end(run);
  return run.outcome();
}

void keep_sql(Session& session, std::string_view sql, std::string_view name) {
  pool::require_no_nul(sql, name);
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

std::int64_t Connection::copy_in(std::string_view sql,
                                 const std::function<std::string_view()>& next,
                                 const CallOptions& options, std::string_view name) {
  keep_sql(*session_, sql, name);
  return run(*session_, {Operation::execute, nullptr, name, sql, nullptr}, options,
             [&] { return pool::CopyOperation(*session_, next); });
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
