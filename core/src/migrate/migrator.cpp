// The Migrator's operations: read the ledger, plan, and only when there is something to do take
// the lock, read again, plan again and run.
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/transaction.hpp>

#include "migrate/catalog.hpp"
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
