// What transactions and savepoints send, and what the answer to a COMMIT means: the same for the
// blocking and the asynchronous ones. Depth 0 is the transaction, n > 0 the savepoint qm_<n>.
#pragma once

#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>
#include <string>

namespace qm::pool {

std::string begin_statement(const TransactionOptions& options);
std::string begin_statement(int depth);  // depth > 0
std::string commit_statement(int depth);
std::string rollback_statement(int depth);

// Throws when COMMIT turned out to be a roll-back.
void require_committed(const Result& result);

// The result of a COMMIT, which `run` gives or throws. CommitUnknown when it was sent and its
// answer lost.
template <class Run>
Result commit_outcome(const Connection& connection, bool sent, const Run& run) {
  try {
    Result result = run();
    require_committed(result);
    return result;
  } catch (const Error& error) {
    // The server may have committed before it went away: even its last words (57P01 while waiting
    // for a synchronous standby) do not tell.
    if (sent && connection.is_broken()) {
      throw CommitUnknown(Report{.object = "commit", .problem = error.what()});
    }
    throw;
  }
}

}  // namespace qm::pool
