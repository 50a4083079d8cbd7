// Decides which versions run, in which order, and refuses what must not run. Pure: takes what the
// plugins bring and what the ledger says, touches no database.
//
// Rules (docs/migrations.md): up applies pending versions in ascending order; a pending version
// below the highest applied one of its own plugin is refused unless allowed; an applied version
// whose text has changed refuses its plugin and every plugin that depends on it. Down rolls back
// in reverse order of application; a version stays while a dependent plugin's higher version,
// applied later, is still there, unless cascade takes that along.
#pragma once

#include <optional>
#include <quartermaster/migrator.hpp>
#include <span>
#include <string>
#include <vector>

#include "migrate/ledger.hpp"

namespace qm::migrate {

class Planner {
 public:
  // Both must outlive the planner.
  Planner(std::span<const PluginInfo> plugins, std::span<const LedgerRow> ledger);

  std::vector<MigrationStep> up(const MigratorOptions& options,
                                std::optional<std::uint32_t> target = {}) const;
  // The last applied step of all, or of options.plugin; with what cascade takes along before it.
  std::vector<MigrationStep> down(const MigratorOptions& options) const;
  // Down to `target` where above it, then up to it. 0 is the empty database. Unknown: refused.
  std::vector<MigrationStep> to(std::uint32_t target, const MigratorOptions& options) const;

  std::vector<MigrationStatus> status() const;
  // Those of the versions whose text has changed since they were applied, or all of options.plugin.
  // Throws MigrationError for one that is asked for and has not.
  std::vector<LedgerRow> modified(const std::vector<std::uint32_t>& versions,
                                  const MigratorOptions& options) const;

  // What is applied, in the order of its application. Throws MigrationError while one is half done.
  std::vector<MigrationStep> applied_steps() const;

  // The loaded migration, or null.
  const Migration* find(std::uint32_t version) const;
  const PluginInfo* owner(std::uint32_t version) const;

 private:
  struct Known {
    const PluginInfo* plugin;
    const Migration* migration;
  };
  const Known* known(std::uint32_t version) const;
  const LedgerRow* applied(std::uint32_t version) const;
  bool is_modified(const LedgerRow& row) const;
  bool selected(const std::string& plugin, const MigratorOptions& options) const;
  bool depends_on(const std::string& plugin, const std::string& on) const;
  std::vector<const LedgerRow*> blockers(const LedgerRow& row) const;
  std::vector<const LedgerRow*> by_application() const;  // latest first
  void refuse_modified(const std::string& plugin) const;
  void require_plugin(const MigratorOptions& options) const;
  MigrationStep down_step(const LedgerRow& row) const;
  void add_down(const LedgerRow& row, const MigratorOptions& options,
                std::vector<MigrationStep>& steps) const;

  std::span<const PluginInfo> plugins_;
  std::span<const LedgerRow> ledger_;
  std::vector<Known> known_;  // ascending by version
};

}  // namespace qm::migrate
