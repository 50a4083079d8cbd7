// See plugin.hpp.
#include "codegen/plugin.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "codegen/diagnostic.hpp"

namespace qm::codegen {
namespace {

void check_since(const Manifest& manifest, const SourceQuery& query) {
  const auto& since = query.annotations.since;
  if (!since || manifest.owns(*since)) return;
  throw CodegenError(at(*query.source, query.annotations.since_offset,
                        {.object = "query " + query.name,
                         .expected = "a version in the ranges of " + manifest.id + " for @since",
                         .found = std::to_string(*since)}));
}

std::string command(const Plugin& plugin) {
  return "run: qmgen describe --manifest " + plugin.manifest.file.string();
}

void check_schema(const Plugin& plugin, const Lock& lock, Diagnostics& diagnostics) {
  for (const SchemaState& now : plugin.schema()) {
    const auto locked =
        std::find_if(lock.schema.begin(), lock.schema.end(),
                     [&](const SchemaState& state) { return state.plugin == now.plugin; });
    if (locked != lock.schema.end() && locked->sha256 == now.sha256) continue;
    diagnostics.add({.file = plugin.manifest.lock.string(),
                     .report = {.object = "lock file",
                                .expected = "the migrations of " + now.plugin + " as they are",
                                .found = locked == lock.schema.end() ? "none" : "other ones",
                                .hint = command(plugin)}});
  }
}

// The hash is of the query alone: an entry may still be spoiled, by a merge or by hand.
void check_entry(const Plugin& plugin, const PluginQuery& query, const LockEntry& entry,
                 Diagnostics& diagnostics) {
  const auto& parameters = query.statement.parameters();
  const bool same_parameters =
      std::equal(parameters.begin(), parameters.end(), entry.parameters.begin(),
                 entry.parameters.end(), [](const Parameter& a, const TypedName& b) {
                   return a.positional || (a.name == b.name && a.nullable == b.nullable);
                 });
  const Kind kind = query.source.kind;
  const bool same_kind =
      ":" + entry.kind == to_string(kind) || ":" + entry.kind == to_string(without_guarantee(kind));
  const bool fitting_columns = returns_rows(query.source.kind) || entry.columns.empty();
  if (same_parameters && same_kind && fitting_columns) return;
  diagnostics.add({.file = plugin.manifest.lock.string(),
                   .report = {.object = "query " + entry.name,
                              .expected = "the entry as it was described",
                              .found = !same_parameters ? "other parameters"
                                       : !same_kind     ? "kind " + entry.kind
                                                        : "columns that do not fit its kind",
                              .hint = command(plugin)}});
}

}  // namespace

std::vector<SchemaState> Plugin::schema() const {
  std::vector<SchemaState> states;
  for (std::size_t i = 0; i < dependencies.size(); ++i) {
    states.push_back({dependencies[i].id, schema_hash(dependency_migrations[i])});
  }
  states.push_back({manifest.id, schema_hash(migrations)});
  return states;
}

std::vector<MigrationFile> Plugin::all_migrations() const {
  std::vector<MigrationFile> all = migrations;
  for (const auto& other : dependency_migrations)
    all.insert(all.end(), other.begin(), other.end());
  std::sort(all.begin(), all.end(),
            [](const MigrationFile& a, const MigrationFile& b) { return a.version < b.version; });
  return all;
}

std::vector<std::filesystem::path> Plugin::inputs() const {
  std::vector<std::filesystem::path> files{manifest.file};
  std::set<std::filesystem::path> seen;
  const auto add = [&](const std::filesystem::path& file) {
    if (seen.insert(file).second) files.push_back(file);
  };
  const auto add_migrations = [&](const Manifest& owner, const std::vector<MigrationFile>& list) {
    // The directory: a file that is new in it changes nothing else that is listed here.
    if (!owner.migrations.empty() && std::filesystem::exists(owner.migrations)) {
      add(owner.migrations);
    }
    for (const MigrationFile& migration : list) {
      add(migration.up->name());
      if (migration.down) add(migration.down->name());
    }
  };
  for (const auto& file : manifest.queries)
    add(file);
  if (std::filesystem::exists(manifest.lock)) add(manifest.lock);
  add_migrations(manifest, migrations);
  for (std::size_t i = 0; i < dependencies.size(); ++i) {
    add(dependencies[i].file);
    add_migrations(dependencies[i], dependency_migrations[i]);
  }
  return files;
}

std::vector<PluginQuery> read_queries(const std::vector<std::filesystem::path>& files,
                                      const std::filesystem::path& directory,
                                      const std::function<void(const SourceQuery&)>& check) {
  Diagnostics diagnostics;
  std::vector<SourceQuery> sources;
  for (const auto& file : files) {
    diagnostics.guard([&] {
      auto queries = parse_query_file(std::make_shared<const Source>(read_source(file)));
      std::move(queries.begin(), queries.end(), std::back_inserter(sources));
    });
  }
  diagnostics.guard([&] { check_unique_names(sources); });
  std::vector<PluginQuery> read;
  for (SourceQuery& source : sources) {
    diagnostics.guard([&] {
      if (check) check(source);
      PluginQuery query;
      query.statement = rewrite_parameters(source);
      query.hash = query_hash(source, query.statement);
      query.file = std::filesystem::path(source.source->name()).lexically_relative(directory);
      if (query.file.empty()) query.file = source.source->name();
      query.line = source.source->position(source.name_offset).line;
      query.source = std::move(source);
      read.push_back(std::move(query));
    });
  }
  diagnostics.raise();
  return read;
}

namespace {

// Of a plugin that is there to ask.
void check_required_version(const Plugin& plugin, const PluginQuery& query,
                            const Requirement& requirement) {
  for (const Manifest& other : plugin.dependencies) {
    if (other.id != requirement.plugin || requirement.since == 0) continue;
    if (other.owns(requirement.since)) continue;
    throw CodegenError(at(*query.source.source, requirement.offset,
                          {.object = "query " + query.source.name,
                           .expected = "a version in the ranges of " + other.id + " for @requires",
                           .found = std::to_string(requirement.since)}));
  }
}

// What single queries read from beyond the plugin's dependencies is a part of their schema too.
void add_required(Plugin& plugin, const std::vector<std::filesystem::path>& known, bool required) {
  Manifest wanted = plugin.manifest;
  wanted.depends.clear();
  for (const PluginQuery& query : plugin.queries) {
    for (const Requirement& requirement : query.source.annotations.requirements) {
      if (requirement.plugin == plugin.manifest.id) {
        throw CodegenError(at(*query.source.source, requirement.offset,
                              {.object = "query " + query.source.name,
                               .expected = "another plugin in @requires",
                               .found = "its own",
                               .hint = "say @since for a version of its own"}));
      }
      wanted.depends.push_back({requirement.plugin, ""});
    }
  }
  // They may depend on this plugin: that is no cycle, the plugin runs without them.
  for (const Manifest& other : read_dependencies(wanted, known, required, plugin.manifest.id)) {
    const auto same = [&](const Manifest& own) { return own.id == other.id; };
    if (std::any_of(plugin.dependencies.begin(), plugin.dependencies.end(), same)) continue;
    plugin.dependency_migrations.push_back(read_migrations(other));
    plugin.dependencies.push_back(other);
  }
  for (const PluginQuery& query : plugin.queries) {
    for (const Requirement& requirement : query.source.annotations.requirements)
      check_required_version(plugin, query, requirement);
  }
}

}  // namespace

Plugin load_plugin(const std::filesystem::path& manifest,
                   const std::vector<std::filesystem::path>& dependencies,
                   bool require_dependencies) {
  Plugin plugin;
  plugin.manifest = read_manifest(manifest);
  plugin.dependencies = read_dependencies(plugin.manifest, dependencies, require_dependencies);
  Diagnostics diagnostics;
  diagnostics.guard([&] { plugin.migrations = read_migrations(plugin.manifest); });
  for (const Manifest& dependency : plugin.dependencies) {
    diagnostics.guard([&] { plugin.dependency_migrations.push_back(read_migrations(dependency)); });
  }
  diagnostics.guard([&] {
    plugin.queries =
        read_queries(plugin.manifest.queries, plugin.manifest.file.parent_path(),
                     [&](const SourceQuery& query) { check_since(plugin.manifest, query); });
  });
  diagnostics.guard([&] { add_required(plugin, dependencies, require_dependencies); });
  diagnostics.raise();
  return plugin;
}

void require_current(const Plugin& plugin, const Lock& lock) {
  Diagnostics diagnostics;
  std::set<std::string_view> names;
  for (const PluginQuery& query : plugin.queries) {
    names.insert(query.source.name);
    const LockEntry* entry = lock.find(query.source.name);
    if (entry && is_of(*entry, query)) {
      check_entry(plugin, query, *entry, diagnostics);
      continue;
    }
    diagnostics.add(at(
        *query.source.source, query.source.name_offset,
        {.object = "query " + query.source.name,
         .expected = "an entry for its present text in " + plugin.manifest.lock.filename().string(),
         .found = entry ? "one for an earlier text" : "none",
         .hint = command(plugin)}));
  }
  for (const LockEntry& entry : lock.queries) {
    if (names.count(entry.name) != 0) continue;
    diagnostics.add({.file = plugin.manifest.lock.string(),
                     .report = {.object = "query " + entry.name,
                                .expected = "a query of that name",
                                .found = "none",
                                .hint = command(plugin)}});
  }
  check_schema(plugin, lock, diagnostics);
  diagnostics.raise();
}

}  // namespace qm::codegen
