// The part of a Host that works with a database: the pool, the migrator, and how far each plugin's
// schema is.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <quartermaster/migrator.hpp>
#include <quartermaster/pool.hpp>

#include "host/host_impl.hpp"

namespace qm {
namespace {

std::vector<PluginInfo> loaded(std::span<const PluginInfo> plugins) {
  std::vector<PluginInfo> list;
  std::copy_if(plugins.begin(), plugins.end(), std::back_inserter(list),
               [](const PluginInfo& info) { return info.state == PluginState::loaded; });
  return list;
}

}  // namespace

void Host::set_pool_hooks(PoolHooks hooks) {
  const std::lock_guard lock(impl_->pool_mutex);
  if (impl_->pool) {
    throw Error(Report{.object = "pool " + impl_->pool->config().name,
                       .expected = "hooks before it is opened",
                       .found = "an open pool",
                       .hint = "call set_pool_hooks() before pool()"});
  }
  impl_->pool_hooks = std::move(hooks);
}

Pool& Host::pool() {
  Impl& impl = *impl_;
  const std::lock_guard lock(impl.pool_mutex);
  if (impl.pool) return *impl.pool;
  PoolConfig config = pool_config(impl.config.database);
  config.hooks = impl.pool_hooks;
  impl.pool = std::make_shared<Pool>(std::move(config), impl.observer);

  const std::lock_guard schema_lock(impl.schema_mutex);
  impl.learn_schema_versions = [&impl] {
    try {
      const Migrator migrator(impl.config.database.url, loaded(impl.plugins.plugins()),
                              impl.observer);
      std::map<std::string, std::uint32_t> versions;
      for (const MigrationStatus& status : migrator.status()) {
        std::uint32_t& version = versions[status.plugin];
        if (status.state == MigrationState::applied || status.state == MigrationState::modified) {
          version = std::max(version, status.version);
        }
      }
      for (const auto& [plugin, version] : versions)
        impl.set_schema_version(plugin, version);
    } catch (const Error& error) {
      // Not knowing is no reason to refuse: a role without access to the ledger may still run the
      // queries, and the server will say what is missing.
      if (!impl.observer) return;
      const std::string message = fmt::format("schema versions are unknown: {}", error.what());
      impl.observer->on_note({.severity = Severity::info, .area = "plugin", .message = message});
    }
  };
  return *impl.pool;
}

Migrator Host::migrator() {
  const DatabaseConfig& database = impl_->config.database;
  return {database.migration_url.empty() ? database.url : database.migration_url,
          loaded(impl_->plugins.plugins()), impl_->observer};
}

}  // namespace qm
