#include "migrate/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <quartermaster/error.hpp>

namespace qm::migrate {
namespace {

std::string title(std::uint32_t version, const std::string& slug, const std::string& plugin) {
  return fmt::format("migration {:06} {} ({})", version, slug, plugin);
}

bool contains(const std::vector<MigrationStep>& steps, std::uint32_t version) {
  return std::any_of(steps.begin(), steps.end(),
                     [&](const MigrationStep& step) { return step.version == version; });
}

}  // namespace

Planner::Planner(std::span<const PluginInfo> plugins, std::span<const LedgerRow> ledger)
    : plugins_(plugins), ledger_(ledger) {
  for (const PluginInfo& plugin : plugins_) {
    if (plugin.state != PluginState::loaded) continue;
    for (const Migration& migration : plugin.migrations)
      known_.push_back({&plugin, &migration});
  }
  std::sort(known_.begin(), known_.end(), [](const Known& a, const Known& b) {
    return a.migration->version < b.migration->version;
  });
}

const Planner::Known* Planner::known(std::uint32_t version) const {
  const auto found = std::lower_bound(
      known_.begin(), known_.end(), version,
      [](const Known& k, std::uint32_t wanted) { return k.migration->version < wanted; });
  return found != known_.end() && found->migration->version == version ? &*found : nullptr;
}

const Migration* Planner::find(std::uint32_t version) const {
  const Known* entry = known(version);
  return entry != nullptr ? entry->migration : nullptr;
}

const PluginInfo* Planner::owner(std::uint32_t version) const {
  const Known* entry = known(version);
  return entry != nullptr ? entry->plugin : nullptr;
}

const LedgerRow* Planner::applied(std::uint32_t version) const {
  const auto found = std::find_if(ledger_.begin(), ledger_.end(),
                                  [&](const LedgerRow& row) { return row.version == version; });
  return found != ledger_.end() ? &*found : nullptr;
}

bool Planner::is_modified(const LedgerRow& row) const {
  const Migration* migration = find(row.version);
  // What is not done of a file that stopped half-way may be mended; the runner looks at the rest.
  return migration != nullptr && !row.dirty && migration->checksum != row.checksum;
}

bool Planner::selected(const std::string& plugin, const MigratorOptions& options) const {
  return options.plugin.empty() || options.plugin == plugin;
}

bool Planner::depends_on(const std::string& plugin, const std::string& on) const {
  const auto found = std::find_if(plugins_.begin(), plugins_.end(),
                                  [&](const PluginInfo& info) { return info.id == plugin; });
  if (found == plugins_.end()) return false;
  return std::any_of(found->dependencies.begin(), found->dependencies.end(),
                     [&](const PluginDependency& d) { return d.id == on || depends_on(d.id, on); });
}

void Planner::require_plugin(const MigratorOptions& options) const {
  if (options.plugin.empty()) return;
  const auto is_it = [&](const PluginInfo& info) {
    return info.id == options.plugin && info.state == PluginState::loaded;
  };
  if (std::any_of(plugins_.begin(), plugins_.end(), is_it)) return;
  std::string loaded;
  for (const PluginInfo& info : plugins_) {
    if (info.state == PluginState::loaded) loaded += (loaded.empty() ? "" : ", ") + info.id;
  }
  throw MigrationError({.object = "plugin " + options.plugin,
                        .expected = "one of the loaded plugins: " + loaded,
                        .found = "no plugin of that name",
                        .hint = "see 'quartermaster plugin list'"});
}

void Planner::refuse_modified(const std::string& plugin) const {
  for (const LedgerRow& row : ledger_) {
    if (!is_modified(row)) continue;
    const Known& entry = *known(row.version);
    if (entry.plugin->id != plugin && !depends_on(plugin, entry.plugin->id)) continue;
    throw MigrationError(
        {.object = title(row.version, row.slug, row.plugin),
         .expected = "checksum " + row.checksum.substr(0, 12) + ", as applied at " + row.applied_at,
         .found = "checksum " + entry.migration->checksum.substr(0, 12),
         .hint = "an applied migration must not be edited: bring back its text and put the change "
                 "into a new version; when both come to the same, 'quartermaster migrate repair' "
                 "accepts the new text"});
  }
}

std::vector<MigrationStep> Planner::up(const MigratorOptions& options,
                                       std::optional<std::uint32_t> target) const {
  require_plugin(options);
  std::vector<MigrationStep> steps;
  for (const Known& entry : known_) {
    const Migration& migration = *entry.migration;
    const LedgerRow* row = applied(migration.version);
    if (!selected(entry.plugin->id, options)) continue;
    if (target && migration.version > *target) continue;
    if (row != nullptr && !row->dirty) continue;
    if (row != nullptr && row->dirty_down) {
      throw MigrationError({.object = title(row->version, row->slug, row->plugin),
                            .problem = "its way down stopped half-way",
                            .hint = "run 'quartermaster migrate down' again to finish it"});
    }
    refuse_modified(entry.plugin->id);
    for (const LedgerRow& other : ledger_) {
      if (row != nullptr || options.allow_out_of_order || other.plugin != entry.plugin->id ||
          other.version < migration.version) {
        continue;
      }
      throw MigrationError(
          {.object = title(migration.version, migration.slug, entry.plugin->id),
           .expected = "new versions of a plugin to be above its applied ones",
           .found = fmt::format("version {} applied already", other.version),
           .hint = "give the migration the next free number, or allow it with --out-of-order"});
    }
    steps.push_back({migration.version, Direction::up, migration.slug, entry.plugin->id,
                     migration.up_sql, migration.transactional});
  }
  return steps;
}

std::vector<const LedgerRow*> Planner::by_application() const {
  std::vector<const LedgerRow*> rows;
  rows.reserve(ledger_.size());
  for (const LedgerRow& row : ledger_)
    rows.push_back(&row);
  std::sort(rows.begin(), rows.end(),
            [](const LedgerRow* a, const LedgerRow* b) { return a->ordinal > b->ordinal; });
  return rows;
}

std::vector<const LedgerRow*> Planner::blockers(const LedgerRow& row) const {
  std::vector<const LedgerRow*> found;
  for (const LedgerRow* other : by_application()) {
    if (other->version > row.version && other->ordinal > row.ordinal &&
        depends_on(other->plugin, row.plugin)) {
      found.push_back(other);
    }
  }
  return found;
}

MigrationStep Planner::down_step(const LedgerRow& row) const {
  const Known* entry = known(row.version);
  if (entry == nullptr) {
    throw MigrationError({.object = title(row.version, row.slug, row.plugin),
                          .expected = "its plugin to be loaded with this version",
                          .found = "owner absent",
                          .hint = "install the plugin release that applied it"});
  }
  if (entry->migration->down_sql.empty()) {
    throw MigrationError({.object = title(row.version, row.slug, row.plugin),
                          .expected = "a down file",
                          .found = "none: this version has no way back",
                          .hint = "write a new version that undoes what is unwanted"});
  }
  if (row.dirty && !row.dirty_down) {
    throw MigrationError({.object = title(row.version, row.slug, row.plugin),
                          .problem = "its way up stopped half-way",
                          .hint = "run 'quartermaster migrate up' again to finish it"});
  }
  const Migration& migration = *entry->migration;
  return {row.version, Direction::down,    migration.slug,
          row.plugin,  migration.down_sql, migration.transactional};
}

void Planner::add_down(const LedgerRow& row, const MigratorOptions& options,
                       std::vector<MigrationStep>& steps) const {
  for (const LedgerRow* blocker : blockers(row)) {
    if (contains(steps, blocker->version)) continue;
    if (!options.cascade) {
      throw MigrationError(
          {.object = title(row.version, row.slug, row.plugin),
           .expected = "no later version of a dependent plugin",
           .found = title(blocker->version, blocker->slug, blocker->plugin) + " still applied",
           .hint = fmt::format("roll back {} first, or use --cascade", blocker->plugin)});
    }
    add_down(*blocker, options, steps);
  }
  if (!contains(steps, row.version)) steps.push_back(down_step(row));
}

std::vector<MigrationStep> Planner::down(const MigratorOptions& options) const {
  require_plugin(options);
  std::vector<MigrationStep> steps;
  for (const LedgerRow* row : by_application()) {
    if (!selected(row->plugin, options)) continue;
    // A plugin that is not installed keeps its versions; the last step of the others is meant.
    if (options.plugin.empty() && known(row->version) == nullptr) continue;
    add_down(*row, options, steps);
    break;
  }
  return steps;
}

std::vector<MigrationStep> Planner::to(std::uint32_t target, const MigratorOptions& options) const {
  require_plugin(options);
  const Known* entry = known(target);
  if (target != 0 && entry == nullptr) {
    throw MigrationError(
        {.object = fmt::format("target version {}", target),
         .expected = known_.empty() ? "a version of a loaded plugin"
                                    : fmt::format("0 or a version of a loaded plugin, up to {}",
                                                  known_.back().migration->version),
         .found = "no migration of that number",
         .hint = "see 'quartermaster migrate status'"});
  }
  std::vector<MigrationStep> steps;
  for (const LedgerRow* row : by_application()) {
    if (row->version <= target || !selected(row->plugin, options)) continue;
    if (known(row->version) == nullptr && options.plugin.empty()) continue;
    add_down(*row, options, steps);
  }
  for (MigrationStep& step : up(options, target))
    steps.push_back(std::move(step));
  return steps;
}

std::vector<MigrationStatus> Planner::status() const {
  std::vector<MigrationStatus> all;
  for (const Known& entry : known_) {
    if (applied(entry.migration->version) != nullptr) continue;
    all.push_back({.version = entry.migration->version,
                   .slug = entry.migration->slug,
                   .plugin = entry.plugin->id,
                   .state = MigrationState::pending,
                   .applied_at = {},
                   .applied_by = {}});
  }
  for (const LedgerRow& row : ledger_) {
    MigrationState state = MigrationState::applied;
    if (known(row.version) == nullptr) {
      state = MigrationState::owner_absent;
    } else if (row.dirty) {
      state = MigrationState::dirty;
    } else if (is_modified(row)) {
      state = MigrationState::modified;
    }
    all.push_back({.version = row.version,
                   .slug = row.slug,
                   .plugin = row.plugin,
                   .state = state,
                   .applied_at = row.applied_at,
                   .applied_by = row.applied_by,
                   .duration_seconds = row.duration_seconds});
  }
  std::sort(all.begin(), all.end(), [](const MigrationStatus& a, const MigrationStatus& b) {
    return a.version < b.version;
  });
  return all;
}

std::vector<LedgerRow> Planner::modified(const std::vector<std::uint32_t>& versions,
                                         const MigratorOptions& options) const {
  require_plugin(options);
  std::vector<LedgerRow> found;
  for (const LedgerRow& row : ledger_) {
    const bool wanted = versions.empty() ||
                        std::find(versions.begin(), versions.end(), row.version) != versions.end();
    if (wanted && selected(row.plugin, options) && is_modified(row)) found.push_back(row);
  }
  for (const std::uint32_t version : versions) {
    const auto is_it = [&](const LedgerRow& row) { return row.version == version; };
    if (std::any_of(found.begin(), found.end(), is_it)) continue;
    const LedgerRow* row = applied(version);
    throw MigrationError({.object = fmt::format("migration {:06}", version),
                          .expected = "an applied version whose text has changed since",
                          .found = row == nullptr              ? "one that is not applied"
                                   : known(version) == nullptr ? "one whose plugin is not loaded"
                                   : row->dirty                ? "one that stopped half-way"
                                   : is_modified(*row)         ? "one of plugin " + row->plugin
                                                               : "one with the same text",
                          .hint = "see 'quartermaster migrate status'"});
  }
  return found;
}

std::vector<MigrationStep> Planner::applied_steps() const {
  std::vector<MigrationStep> steps;
  for (const LedgerRow* row : by_application()) {
    if (row->dirty) {
      throw MigrationError({.object = title(row->version, row->slug, row->plugin),
                            .expected = "applied versions only",
                            .found = "one that stopped half-way",
                            .hint = "finish it with 'quartermaster migrate up' first"});
    }
    const Known* entry = known(row->version);
    if (entry == nullptr) continue;
    steps.push_back({.version = row->version,
                     .slug = row->slug,
                     .plugin = row->plugin,
                     .sql = entry->migration->up_sql,
                     .transactional = entry->migration->transactional});
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

}  // namespace qm::migrate
