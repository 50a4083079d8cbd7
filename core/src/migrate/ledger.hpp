// What a database remembers of its migrations: schema quartermaster, table migrations (a row per
// applied version) and table migration_events (append-only). Only SQL here; what should run is the
// planner's business.
#pragma once

#include <cstdint>
#include <quartermaster/connection.hpp>
#include <quartermaster/migrator.hpp>
#include <string>
#include <vector>

namespace qm::migrate {

// A row of quartermaster.migrations.
struct LedgerRow {
  std::uint32_t version = 0;
  std::int64_t ordinal = 0;  // rises with every applied version: the order of application
  std::string plugin;
  std::string slug;
  std::string checksum;
  bool dirty = false;                // a non-transactional file stopped half-way
  bool dirty_down = false;           // ... while going down
  std::int64_t statements_done = 0;  // of that file
  bool statement_running = false;    // the next one was sent, and its outcome never came
  std::string statements_digest;     // of those that are done
  std::string applied_at;
  std::string applied_by;
  double duration_seconds = 0;
};

// Highest known layout of the two tables; a ledger of a later one is not touched.
inline constexpr int ledger_layout = 2;

// Empty when there is no ledger. Reads only. Ascending by version.
std::vector<LedgerRow> read_ledger(Connection& connection);

// Creates schema and tables when missing, brings older ones to this layout. Call under the
// migration lock. Throws MigrationError when the role may not.
void create_ledger(Connection& connection);

// The next two run inside the migration's own transaction, so that catalog and ledger change
// together. They check in the same statement that this very backend holds the migration lock,
// which fails behind a transaction pooler; then they throw MigrationError.
void record_applied(Connection& connection, const MigrationStep& step, const std::string& checksum,
                    const std::string& plugin_version, double duration_seconds);
void record_rolled_back(Connection& connection, const MigrationStep& step);

// How far a non-transactional file has come.
struct StatementProgress {
  std::int64_t done = 0;
  bool running = false;  // the one after them is about to be sent
  std::string text{};    // of those that are done
};

// The row exists, dirty, from before the file's first statement on.
void record_progress(Connection& connection, const MigrationStep& step, const std::string& checksum,
                     const std::string& plugin_version, const StatementProgress& progress);
// What record_progress keeps of StatementProgress::text.
std::string digest(Connection& connection, const std::string& text);
// The event that goes with the first record.
void record_start(Connection& connection, const MigrationStep& step);

// Takes the text that an applied version has now for the one that was applied, in the caller's
// transaction.
void record_repaired(Connection& connection, const MigrationStep& step, const std::string& checksum,
                     const std::string& was);

// Takes a version that another tool applied, `from` says which, for one of this ledger's; in the
// caller's transaction.
void record_adopted(Connection& connection, const MigrationStep& step, const std::string& checksum,
                    const std::string& plugin_version, const std::string& from);

// An event of its own, for what the transaction could not record itself: failures.
void record_failure(Connection& connection, const MigrationStep& step, const std::string& reason);

}  // namespace qm::migrate
