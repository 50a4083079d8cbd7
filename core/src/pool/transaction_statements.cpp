// See transaction_statements.hpp.
#include "pool/transaction_statements.hpp"

#include <fmt/format.h>

namespace qm::pool {

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

std::string begin_statement(int depth) {
  return fmt::format("savepoint qm_{}", depth);
}

std::string commit_statement(int depth) {
  return depth == 0 ? "commit" : fmt::format("release savepoint qm_{}", depth);
}

std::string rollback_statement(int depth) {
  if (depth == 0) return "rollback";
  return fmt::format("rollback to savepoint qm_{0}; release savepoint qm_{0}", depth);
}

void require_committed(const Result& result) {
  // After a failed statement the server answers COMMIT with a roll-back and calls it a success.
  if (result.command_tag() != "ROLLBACK") return;
  throw_server_error("commit", {.sqlstate = "25P02",
                                .severity = "ERROR",
                                .message = "rolled back, because an earlier statement failed"});
}

}  // namespace qm::pool
