// Transactions and savepoints over a Connection.
#include <fmt/format.h>

#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>

#include "pool/session.hpp"

namespace qm {
namespace {

std::string begin_statement(const TransactionOptions& options) {
  std::string sql = "begin";
  switch (options.isolation) {
    case Isolation::server_default:
      break;
    case Isolation::read_committed:
      sql += " isolation level read committed";
      break;
    case Isolation::repeatable_read:
      sql += " isolation level repeatable read";
      break;
    case Isolation::serializable:
      sql += " isolation level serializable";
      break;
  }
  if (options.read_only) sql += " read only";
  if (options.deferrable) sql += " deferrable";
  return sql;
}

// A roll-back nobody waits for: long enough for a busy server, short enough for a destructor.
constexpr std::chrono::seconds quiet_rollback_bound{1};

}  // namespace

Transaction::Transaction(Connection& connection, const TransactionOptions& options)
    : connection_(&connection) {
  if (connection.transaction_status() != Connection::TransactionStatus::idle &&
      !connection.is_broken()) {
    throw Error(Report{.object = "transaction",
                       .expected = "a connection outside a transaction",
                       .found = "one inside",
                       .hint = "Transaction(outer) makes a savepoint"});
  }
  connection.control(Operation::execute, begin_statement(options), {});
}

Transaction::Transaction(Transaction& outer)
    : connection_(outer.connection_), depth_(outer.depth_ + 1) {
  connection_->control(Operation::execute, "savepoint " + savepoint(), {});
}

Transaction::~Transaction() {
  if (!open_ || connection_->is_broken()) return;
  try {
    rollback({pool::after(quiet_rollback_bound)});
  } catch (const std::exception&) {
    connection_->session_->broken = true;
  }
}

std::string Transaction::savepoint() const {
  return fmt::format("qm_{}", depth_);
}

Result Transaction::execute(const RegisteredQuery& query, const ParamView& params,
                            const CallOptions& options) {
  return connection_->execute(query, params, options);
}

Result Transaction::execute(std::string_view sql, const ParamView& params,
                            const CallOptions& options, std::string_view name) {
  return connection_->execute(sql, params, options, name);
}

std::vector<Result> Transaction::execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                               const CallOptions& options) {
  return connection_->execute_batch(query, rows, options);
}

std::int64_t Transaction::stream(const RegisteredQuery& query, const ParamView& params,
                                 RowSink& sink, const CallOptions& options) {
  return connection_->stream(query, params, sink, options);
}

std::int64_t Transaction::copy_from(const RegisteredQuery& query, ParamRows& rows,
                                    const CallOptions& options) {
  return connection_->copy_from(query, rows, options);
}

void Transaction::commit(const CallOptions& options) {
  if (!open_) return;
  if (depth_ > 0) {
    // Refused after a failed statement; the savepoint is then still there to roll back to.
    connection_->control(Operation::execute, "release savepoint " + savepoint(), options);
    open_ = false;
    return;
  }
  const bool sent = !connection_->is_broken();
  Result result;
  try {
    result = connection_->control(Operation::commit, "commit", options);
  } catch (const Error& error) {
    // Not sent at all, it can still be rolled back, or was by the connection's end.
    open_ = connection_->transaction_status() == Connection::TransactionStatus::in_transaction;
    // The server may have committed before it went away: even its last words (57P01 while waiting
    // for a synchronous standby) do not tell.
    if (sent && connection_->is_broken()) {
      throw CommitUnknown(Report{.object = "commit", .problem = error.what()});
    }
    throw;
  }
  open_ = false;
  // After a failed statement the server answers COMMIT with a roll-back and calls it a success.
  if (result.command_tag() == "ROLLBACK") {
    throw_server_error("commit", {.sqlstate = "25P02",
                                  .severity = "ERROR",
                                  .message = "rolled back, because an earlier statement failed"});
  }
}

void Transaction::rollback(const CallOptions& options) {
  if (!open_) return;
  open_ = false;
  if (depth_ == 0) {
    connection_->control(Operation::rollback, "rollback", options);
    return;
  }
  connection_->control(Operation::rollback,
                       fmt::format("rollback to savepoint {0}; release savepoint {0}", savepoint()),
                       options);
}

}  // namespace qm
