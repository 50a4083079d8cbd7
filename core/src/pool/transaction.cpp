// Transactions and savepoints over a Connection.
#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>

#include "pool/session.hpp"
#include "pool/transaction_statements.hpp"

namespace qm {
namespace {

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
  connection.control(Operation::execute, pool::begin_statement(options), {});
}

Transaction::Transaction(Transaction& outer)
    : connection_(outer.connection_), depth_(outer.depth_ + 1) {
  connection_->control(Operation::execute, pool::begin_statement(depth_), {});
}

Transaction::~Transaction() {
  if (!open_ || connection_->is_broken()) return;
  try {
    rollback({pool::after(quiet_rollback_bound)});
  } catch (const std::exception&) {
    connection_->session_->broken = true;
  }
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
    connection_->control(Operation::execute, pool::commit_statement(depth_), options);
    open_ = false;
    return;
  }
  const bool sent = !connection_->is_broken();
  try {
    pool::commit_outcome(*connection_, sent, [&] {
      return connection_->control(Operation::commit, pool::commit_statement(0), options);
    });
    open_ = false;
  } catch (const Error&) {
    // Not sent at all, it can still be rolled back, or was by the connection's end.
    open_ = connection_->transaction_status() == Connection::TransactionStatus::in_transaction;
    throw;
  }
}

void Transaction::rollback(const CallOptions& options) {
  if (!open_) return;
  open_ = false;
  connection_->control(Operation::rollback, pool::rollback_statement(depth_), options);
}

}  // namespace qm
