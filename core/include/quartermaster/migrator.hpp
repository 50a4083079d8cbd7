// Schema migrations of all plugins on one database: up, down, to, version, status, plan. Each
// operation opens its own connection; semantics: docs/migrations.md. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <quartermaster/host.hpp>
#include <quartermaster/observer.hpp>
#include <string>
#include <vector>

namespace qm {

// Where a version stands in a database.
enum class MigrationState : std::uint8_t {
  applied,
  pending,
  dirty,         // a non-transactional file that stopped half-way
  modified,      // applied, and its text has changed since
  owner_absent,  // applied by a plugin that is not loaded
};
QM_API const char* to_string(MigrationState state) noexcept;

struct MigrationStatus {
  std::uint32_t version = 0;
  std::string slug;
  std::string plugin;
  MigrationState state = MigrationState::pending;
  std::string applied_at;  // ISO 8601 UTC, empty when pending
  std::string applied_by;  // role@client
  double duration_seconds = 0;
};

struct MigrationVersion {
  std::uint32_t version = 0;  // highest applied, 0 = none
  bool dirty = false;
};

enum class Direction : std::uint8_t { up, down };

// One version to be applied or rolled back, with the SQL that will run.
struct MigrationStep {
  std::uint32_t version = 0;
  Direction direction = Direction::up;
  std::string slug;
  std::string plugin;
  std::string sql;
  bool transactional = true;
};

// Reported as work goes on; on the calling thread.
struct MigrationProgress {
  enum class Stage : std::uint8_t {
    waiting_for_lock,
    started,
    statement,
    finished,
    retrying
  } stage;
  const MigrationStep* step = nullptr;  // null while waiting for the lock
  std::size_t step_index = 0;
  std::size_t step_count = 0;
  std::size_t statement_index = 0;
  std::size_t statement_count = 0;
  double duration_seconds = 0;  // of the finished step
};

struct MigratorOptions {
  std::string plugin;               // only this plugin's versions; empty = all
  bool cascade = false;             // down: also dependents
  bool allow_out_of_order = false;  // below the highest applied of the same plugin
  // For the table locks of a statement; then its version is tried again after a pause. Whoever
  // comes behind the waiting statement waits as long, too.
  std::chrono::milliseconds lock_timeout{500};
  std::chrono::milliseconds wait_timeout{std::chrono::minutes{5}};  // for other migrators
  std::function<void(const MigrationProgress&)> progress;
  // Asked between statements; true stops with everything of the current step rolled back.
  std::function<bool()> cancelled;
};

// An object of the schema that is not as the applied versions make it.
struct SchemaDifference {
  std::string object;    // "column public.movies.title", "table shared.users"
  std::string expected;  // its definition; empty: it should not be there
  std::string found;     // empty: it is not there
};

// How to find out what another tool applied.
struct AdoptOptions {
  // golang-migrate's; its name may be schema-qualified.
  std::string table = "schema_migrations";
  // The version that the database is at, from somebody who knows: the table is not read.
  std::optional<std::uint64_t> at;
  // Go on although numbers of the former sequence belong to no loaded plugin.
  bool allow_missing = false;
  bool dry_run = false;     // find out, change nothing
  std::string scratch_url;  // as for Migrator::drift
};

struct Adoption {
  std::uint64_t recorded = 0;        // former number that the table gave; 0: nothing applied
  bool dirty = false;                // as the table said
  std::uint64_t former = 0;          // former number of the version whose schema this is
  std::vector<MigrationStep> steps;  // what is applied, in the order of the former sequence
};

class QM_API Migrator {
 public:
  // `plugins` in load order, copied. Reads nothing yet.
  Migrator(std::string url, std::vector<PluginInfo> plugins, ObserverPtr observer = {});

  // Each gives back the steps it did, in order; nothing pending is an empty list. Throw
  // MigrationError, ServerError, ConnectError; whatever was finished stays, with its ledger row.
  std::vector<MigrationStep> up(const MigratorOptions& options = {});
  std::vector<MigrationStep> down(const MigratorOptions& options = {});  // one step
  std::vector<MigrationStep> to(std::uint32_t version, const MigratorOptions& options = {});
  // Takes the text that modified versions have now for the one that was applied: the ledger gets
  // their new checksums, nothing else is done. Of these versions, or of all; gives back which, as
  // they were. Throws MigrationError for one that is not modified.
  std::vector<MigrationStatus> repair(const std::vector<std::uint32_t>& versions = {},
                                      const MigratorOptions& options = {});
  // Takes over a database that another tool migrated in one sequence, whose numbers the files'
  // "formerly" comments give (docs/coming-from.md). The schema decides: it must be what the
  // recorded version makes, or, where that is dirty, the one before or after it. Changes the
  // ledger only. Throws MigrationError when it fits none, naming the differences.
  Adoption adopt(const AdoptOptions& adopt_options = {}, const MigratorOptions& options = {});

  // Read only: take no lock, create nothing.
  MigrationVersion version() const;
  std::vector<MigrationStatus> status() const;
  // In what the schema differs from what the applied versions of the loaded plugins make, as they
  // are now, in an empty database: one that is made for it on the same server and dropped, or the
  // one that `scratch_url` names. Tables of others do not count. Throws MigrationError while a
  // version is half done.
  std::vector<SchemaDifference> drift(const std::string& scratch_url = {}) const;
  std::vector<MigrationStep> plan(std::optional<std::uint32_t> target = {},
                                  const MigratorOptions& options = {}) const;

 private:
  std::string url_;
  std::vector<PluginInfo> plugins_;
  ObserverPtr observer_;
};

}  // namespace qm
