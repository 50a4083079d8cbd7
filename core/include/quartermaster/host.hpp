// A host: the plugins it loaded, the queries they registered, and the pool they run on. The entry
// point of an application.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <quartermaster/config.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/expected.hpp>
#include <quartermaster/observer.hpp>
#include <quartermaster/query.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qm {

class Pool;
struct PoolHooks;
class Migrator;

struct MigrationRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  // inclusive
};

struct Migration {
  std::uint32_t version = 0;
  std::string slug;
  std::string up_sql;
  std::string down_sql;  // empty: there is no way back
  std::string checksum;  // SHA-256 of up_sql, LF-normalised, 64 hex digits
  bool transactional = true;
};

struct PluginDependency {
  std::string id;
  std::string version_range;
};

enum class PluginState : std::uint8_t { loaded, rejected, disabled };
QM_API const char* to_string(PluginState state) noexcept;

// What is known of a plugin that discovery found, loaded or not.
struct PluginInfo {
  std::string id;
  std::string name;
  std::string version;
  std::string description;
  std::filesystem::path manifest;
  std::filesystem::path library;
  PluginState state = PluginState::rejected;
  std::string reason;  // why it is not loaded; empty when it is
  std::uint32_t abi_major = 0;
  std::uint32_t abi_minor = 0;
  std::string sha256;  // of the library file
  std::vector<PluginDependency> dependencies;
  std::vector<std::string> schemas;
  std::vector<MigrationRange> ranges;
  std::vector<Migration> migrations;            // ascending by version
  std::vector<const RegisteredQuery*> queries;  // in the plugin's order
};

class QM_API Host {
 public:
  // Discovers and loads the plugins (dependencies first). A plugin that is refused takes its
  // dependents with it and is listed with its reason; the others run. Connects to nothing.
  // Throws ConfigError when a configured plugin directory is missing, unreadable or without
  // manifests, and when plugins.enabled names a plugin that is not there.
  //
  // Hosts of one process may be made and destroyed on any thread; they load one after another,
  // and share the libraries. While it loads, the observer hears of it under the loader's lock: it
  // must not make a Host from there, nor may a plugin.
  explicit Host(Config config, ObserverPtr observer = {});
  ~Host();  // closes the pool, stops the plugins, dependents first
  Host(Host&&) noexcept;
  Host& operator=(Host&&) noexcept;

  const Config& config() const noexcept;
  const ObserverPtr& observer() const noexcept;

  // All plugins found, loaded ones first in load order, then the others by id.
  std::span<const PluginInfo> plugins() const noexcept;
  const PluginInfo* plugin(std::string_view id) const noexcept;

  // The query with this signature, or why there is none. What generated clients bind with.
  // Thread-safe. Once pool() has been called, a query that needs a schema version is checked
  // against the database, over a connection of its own; before, it is taken as it is.
  Expected<const RegisteredQuery*, BindError> bind_query(std::string_view plugin,
                                                         std::string_view name,
                                                         std::uint64_t signature_hash,
                                                         std::string_view signature) const;
  // Why a query cannot be run here although its plugin has it: another plugin that it reads from is
  // not loaded, or, once pool() has been called, behind in the database. None: it can.
  std::optional<Report> unavailable(const RegisteredQuery& query) const;
  // By name alone ("movie.GetMovie"), for tools; null when there is none.
  const RegisteredQuery* find_query(std::string_view full_name) const noexcept;

  // What the application adds to the life of the pool's connections (pool.hpp). Before the first
  // pool(): throws Error after it.
  void set_pool_hooks(PoolHooks hooks);
  // The pool for config().database, opened at the first call. Thread-safe. Throws as Pool does.
  Pool& pool();
  // Migrations of all loaded plugins, on config().database.migration_url or url.
  Migrator migrator();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace qm
