// The Migrator's operations: read the ledger, plan, and only when there is something to do take
// the lock, read again, plan again and run.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <list>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/transaction.hpp>

#include "migrate/adoption.hpp"
#include "migrate/catalog.hpp"
#include "migrate/former_sequence.hpp"
#include "migrate/ledger.hpp"
#include "migrate/lock.hpp"
#include "migrate/planner.hpp"
#include "migrate/runner.hpp"
#include "migrate/scratch_database.hpp"

namespace qm {
namespace {

constexpr std::chrono::seconds connect_timeout{10};

std::unique_ptr<Connection> open(const std::string& url, const ObserverPtr& observer) {
  if (url.empty()) {
    throw ConfigError({.object = "database.url",
                       .expected = "a connection string",
                       .found = "nothing",
                       .hint = "set it in the file, QUARTERMASTER_DATABASE_URL or --database-url"});
  }
  return Connection::open({.url = url, .application_name = "quartermaster-migrate"},
                          Clock::now() + connect_timeout, observer);
}

using Plan = std::function<std::vector<MigrationStep>(const migrate::Planner&)>;

std::vector<MigrationStep> migrate_database(const std::string& url,
                                            const std::vector<PluginInfo>& plugins,
                                            const ObserverPtr& observer,
                                            const MigratorOptions& options, const Plan& plan) {
  const auto connection = open(url, observer);
  {
    // Nothing pending: no lock, no ledger.
    const auto ledger = migrate::read_ledger(*connection);
    if (plan(migrate::Planner(plugins, ledger)).empty()) return {};
  }
  const auto waiting = [&] {
    if (options.progress) {
      options.progress({.stage = MigrationProgress::Stage::waiting_for_lock});
    }
  };
  const migrate::MigrationLock lock(*connection, options.wait_timeout, waiting, options.cancelled);
  migrate::create_ledger(*connection);
  // Another migrator may have done the work while this one waited.
  const auto ledger = migrate::read_ledger(*connection);
  const migrate::Planner planner(plugins, ledger);
  std::vector<MigrationStep> steps = plan(planner);
  migrate::Runner(*connection, planner, options, observer.get()).run(steps);
  return steps;
}

// An unknown number is classify()'s to refuse.
void require_no_gap(const std::vector<migrate::FormerVersion>& sequence, std::uint64_t last) {
  const auto is_last = [&](const migrate::FormerVersion& version) {
    return version.number == last;
  };
  if (std::none_of(sequence.begin(), sequence.end(), is_last)) return;
  const auto missing = migrate::missing_numbers(sequence, last);
  if (missing.empty()) return;
  throw MigrationError(
      {.object = fmt::format("former versions up to {}", last),
       .expected = "each to belong to a loaded plugin",
       .found = fmt::format("none that has {}", fmt::join(missing, ", ")),
       .hint = "load the plugins that have them, or leave them out with --allow-missing"});
}

}  // namespace

const char* to_string(MigrationState state) noexcept {
  switch (state) {
    case MigrationState::applied:
      return "applied";
    case MigrationState::pending:
      return "pending";
    case MigrationState::dirty:
      return "dirty";
    case MigrationState::modified:
      return "modified";
    case MigrationState::owner_absent:
      return "owner absent";
  }
  return "unknown";
}

Migrator::Migrator(std::string url, std::vector<PluginInfo> plugins, ObserverPtr observer)
    : url_(std::move(url)), plugins_(std::move(plugins)), observer_(std::move(observer)) {}

std::vector<MigrationStep> Migrator::up(const MigratorOptions& options) {
  return migrate_database(url_, plugins_, observer_, options,
                          [&](const migrate::Planner& planner) { return planner.up(options); });
}

std::vector<MigrationStep> Migrator::down(const MigratorOptions& options) {
  return migrate_database(url_, plugins_, observer_, options,
                          [&](const migrate::Planner& planner) { return planner.down(options); });
}

std::vector<MigrationStep> Migrator::to(std::uint32_t version, const MigratorOptions& options) {
  return migrate_database(url_, plugins_, observer_, options, [&](const migrate::Planner& planner) {
    return planner.to(version, options);
  });
}

std::vector<MigrationStatus> Migrator::repair(const std::vector<std::uint32_t>& versions,
                                              const MigratorOptions& options) {
  const auto connection = open(url_, observer_);
  {
    const auto ledger = migrate::read_ledger(*connection);
    if (migrate::Planner(plugins_, ledger).modified(versions, options).empty()) return {};
  }
  const migrate::MigrationLock lock(*connection, options.wait_timeout, {}, options.cancelled);
  migrate::create_ledger(*connection);
  const auto ledger = migrate::read_ledger(*connection);
  const migrate::Planner planner(plugins_, ledger);
  std::vector<MigrationStatus> repaired;
  Transaction transaction(*connection);
  for (const migrate::LedgerRow& row : planner.modified(versions, options)) {
    const MigrationStep step{
        .version = row.version, .slug = row.slug, .plugin = row.plugin, .sql = {}};
    migrate::record_repaired(*connection, step, planner.find(row.version)->checksum, row.checksum);
    repaired.push_back({.version = row.version,
                        .slug = row.slug,
                        .plugin = row.plugin,
                        .state = MigrationState::modified,
                        .applied_at = row.applied_at,
                        .applied_by = row.applied_by,
                        .duration_seconds = row.duration_seconds});
  }
  transaction.commit();
  return repaired;
}

Adoption Migrator::adopt(const AdoptOptions& adopt_options, const MigratorOptions& options) {
  const auto connection = open(url_, observer_);
  const auto require_no_versions = [&] {
    const std::size_t count = migrate::read_ledger(*connection).size();
    if (count == 0) return;
    throw MigrationError({.object = "schema quartermaster",
                          .expected = "no applied versions in its ledger",
                          .found = fmt::format("{} versions: it is adopted already", count),
                          .hint = "see 'quartermaster migrate status'"});
  };
  require_no_versions();
  const auto sequence = migrate::former_sequence(plugins_);
  std::optional<migrate::BookkeepingTable> table;
  if (!adopt_options.at) table.emplace(*connection, adopt_options.table);
  std::optional<migrate::MigrationLock> lock;
  std::list<migrate::MigrationLock> former_locks;
  if (!adopt_options.dry_run) {
    lock.emplace(*connection, options.wait_timeout, std::function<void()>{}, options.cancelled);
    // The other tool must not be at work meanwhile.
    for (const std::int64_t key : table ? table->lock_keys() : std::vector<std::int64_t>{}) {
      former_locks.emplace_back(*connection, options.wait_timeout, std::function<void()>{},
                                options.cancelled, key);
    }
    require_no_versions();
  }
  const migrate::Bookkeeping recorded =
      table ? table->read() : migrate::Bookkeeping{.number = *adopt_options.at};
  if (!adopt_options.allow_missing) require_no_gap(sequence, recorded.number);
  const migrate::ScratchDatabase scratch(url_, adopt_options.scratch_url);
  Adoption adoption{.recorded = recorded.number, .dirty = recorded.dirty, .former = 0, .steps = {}};
  adoption.former = migrate::classify(*connection, *open(scratch.url(), {}), sequence, recorded);
  for (const migrate::FormerVersion& version : sequence) {
    if (version.number > adoption.former) break;
    adoption.steps.insert(adoption.steps.end(), version.steps.begin(), version.steps.end());
  }
  if (adopt_options.dry_run || adoption.steps.empty()) return adoption;
  migrate::create_ledger(*connection);
  Transaction transaction(*connection);
  const migrate::Planner planner(plugins_, {});
  for (const MigrationStep& step : adoption.steps) {
    migrate::record_adopted(*connection, step, planner.find(step.version)->checksum,
                            planner.owner(step.version)->version,
                            fmt::format("recorded version {}{}, schema of {}", recorded.number,
                                        recorded.dirty ? " dirty" : "", adoption.former));
  }
  transaction.commit();
  return adoption;
}

MigrationVersion Migrator::version() const {
  const auto connection = open(url_, observer_);
  MigrationVersion version;
  for (const migrate::LedgerRow& row : migrate::read_ledger(*connection)) {
    version.version = std::max(version.version, row.version);
    version.dirty = version.dirty || row.dirty;
  }
  return version;
}

std::vector<MigrationStatus> Migrator::status() const {
  const auto connection = open(url_, observer_);
  const auto ledger = migrate::read_ledger(*connection);
  return migrate::Planner(plugins_, ledger).status();
}

std::vector<SchemaDifference> Migrator::drift(const std::string& scratch_url) const {
  const auto connection = open(url_, observer_);
  const auto ledger = migrate::read_ledger(*connection);
  const migrate::Planner planner(plugins_, ledger);
  const migrate::ScratchDatabase scratch(url_, scratch_url);
  const auto other = open(scratch.url(), {});
  for (const MigrationStep& step : planner.applied_steps())
    migrate::run_unrecorded(*other, step);
  return migrate::compare_catalogs(migrate::read_catalog(*other),
                                   migrate::read_catalog(*connection));
}

std::vector<MigrationStep> Migrator::plan(std::optional<std::uint32_t> target,
                                          const MigratorOptions& options) const {
  const auto connection = open(url_, observer_);
  const auto ledger = migrate::read_ledger(*connection);
  const migrate::Planner planner(plugins_, ledger);
  return target ? planner.to(*target, options) : planner.up(options);
}

}  // namespace qm
