// A plugin as its author wrote it, read and taken apart: manifest, migrations, queries. What both
// describing and emitting start from.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "codegen/lock.hpp"
#include "codegen/manifest.hpp"
#include "codegen/migrations.hpp"
#include "codegen/parameters.hpp"
#include "codegen/query_file.hpp"

namespace qm::codegen {

struct PluginQuery {
  SourceQuery source;
  Statement statement;
  std::string hash;
  std::string file;  // relative to the manifest, for messages of the host
  std::size_t line = 0;
};

// Whether the entry describes this very query.
inline bool is_of(const LockEntry& entry, const PluginQuery& query) {
  return entry.sql == query.hash && fit(entry.stars, query.statement.sql());
}

// The queries of the files, in their order, with what is theirs alone. Throws CodegenError with
// every fault. `directory`: what the files' names are told relative to.
// `check`: throws CodegenError for what is wrong with a query beyond that.
std::vector<PluginQuery> read_queries(const std::vector<std::filesystem::path>& files,
                                      const std::filesystem::path& directory,
                                      const std::function<void(const SourceQuery&)>& check = {});

struct Plugin {
  Manifest manifest;
  std::vector<MigrationFile> migrations;
  std::vector<PluginQuery> queries;  // in the manifest's order
  std::vector<Manifest> dependencies;
  std::vector<std::vector<MigrationFile>> dependency_migrations;  // beside `dependencies`

  // Of each plugin whose migrations are known, dependencies first.
  std::vector<SchemaState> schema() const;
  // All migrations in the one global order of versions.
  std::vector<MigrationFile> all_migrations() const;
  // Every file that was read, and the directories listed: what a build depends on.
  std::vector<std::filesystem::path> inputs() const;
};

// Throws CodegenError with every fault. Dependencies that are nowhere are an error when required.
Plugin load_plugin(const std::filesystem::path& manifest,
                   const std::vector<std::filesystem::path>& dependencies,
                   bool require_dependencies);

// Throws CodegenError at each query whose entry is missing or stale, and at the lock file when the
// migrations have changed or it has entries for queries that are gone.
void require_current(const Plugin& plugin, const Lock& lock);

}  // namespace qm::codegen
