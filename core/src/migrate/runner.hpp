// Runs the steps of a plan on one connection, under the migration lock: each transactional step
// with its ledger row in one transaction, the others statement by statement with their progress
// recorded. Which steps is the planner's business.
#pragma once

#include <quartermaster/connection.hpp>
#include <quartermaster/migrator.hpp>
#include <vector>

#include "migrate/planner.hpp"

namespace qm {
class ServerError;
}

namespace qm::migrate {

struct Statement;

// Without ledger, locks and progress, on a database of nobody's. Throws MigrationError.
void run_unrecorded(Connection& connection, const MigrationStep& step);

class Runner {
 public:
  Runner(Connection& connection, const Planner& planner, const MigratorOptions& options,
         Observer* observer);

  // Throws MigrationError, ServerError or ConnectionLost at the first failure; the steps before it
  // stay done.
  void run(const std::vector<MigrationStep>& steps);

 private:
  void bound_lock_waits();
  void run_step(const MigrationStep& step);
  void run_in_transaction(const MigrationStep& step);
  void run_without_transaction(const MigrationStep& step);
  // `in_doubt`: it was sent before, and nobody knows how that ended.
  void run_statement(const MigrationStep& step, const Statement& statement, bool in_doubt);
  [[noreturn]] void fail(const MigrationStep& step, const Statement& statement,
                         const ServerError& error) const;
  void refuse_other_beginning(const MigrationStep& step, const LedgerRow& row,
                              const std::vector<Statement>& statements);
  void drop_invalid_index(const Statement& statement);
  void report(MigrationProgress::Stage stage, const MigrationStep& step, double seconds = 0);
  void check_cancelled(const MigrationStep& step) const;
  // Calls `attempt` until it does not fail with lock_not_available, with growing pauses.
  void with_lock_retry(const MigrationStep& step, const std::function<void()>& attempt);

  Connection& connection_;
  const Planner& planner_;
  const MigratorOptions& options_;
  Observer* observer_;
  std::size_t step_index_ = 0;
  std::size_t step_count_ = 0;
  std::size_t statement_index_ = 0;
  std::size_t statement_count_ = 0;
};

}  // namespace qm::migrate
