// See binding.hpp.
#include "host/binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "host/similar_names.hpp"

namespace qm::host {
namespace {

BindError plugin_absent(std::string_view id) {
  return {BindFailure::plugin_absent,
          {.object = fmt::format("plugin {}", id),
           .problem = "is not installed",
           .hint = "install the plugin, or name its directory in plugins.directories"}};
}

BindError plugin_not_usable(const PluginInfo& info) {
  const std::string object = fmt::format("plugin {}", info.id);
  // To an application an optional plugin that is off is absent, not broken.
  if (info.state == PluginState::disabled) {
    return {BindFailure::plugin_absent,
            {.object = object,
             .problem = "is installed and not enabled",
             .hint = fmt::format("add {} to plugins.enabled", info.id)}};
  }
  return {BindFailure::plugin_rejected,
          {.object = object,
           .problem = fmt::format("was refused: {}", info.reason),
           .hint = "see `quartermaster plugin list`"}};
}

BindError query_missing(const PluginInfo& info, std::string_view name) {
  std::vector<std::string_view> names;
  for (const RegisteredQuery* query : info.queries)
    names.emplace_back(query->name);
  const auto similar = similar_names(name, names);
  return {BindFailure::query_missing,
          {.object = fmt::format("plugin {} {}", info.id, info.version),
           .expected = fmt::format("query {}", name),
           .found = fmt::format("none of that name among {}", info.queries.size()),
           .hint = similar.empty() ? std::string("install the version that the client was made for")
                                   : fmt::format("similar: {}", fmt::join(similar, ", "))}};
}

BindError signature_mismatch(const PluginInfo& info, std::string_view name,
                             std::string_view signature) {
  std::string found;
  for (const RegisteredQuery* query : info.queries) {
    if (query->name != name) continue;
    found += fmt::format("{}{}", found.empty() ? "" : " and ", query->signature);
  }
  return {BindFailure::signature_mismatch,
          {.object = fmt::format("query {}.{}", info.id, name),
           .expected = std::string(signature),
           .found = found,
           .hint = fmt::format("rebuild the client for plugin {} {}", info.id, info.version)}};
}

// Of one plugin of the query's.
std::optional<Report> behind(const RegisteredQuery& query, const std::string& plugin,
                             std::uint32_t needed, const SchemaVersion& schema_version) {
  if (needed == 0) return std::nullopt;
  const auto version = schema_version(plugin, needed);
  if (!version || *version >= needed) return std::nullopt;
  return Report{
      .object = fmt::format("query {}", query.full_name),
      .expected = fmt::format("schema version {} of plugin {}", needed, plugin),
      .found = *version == 0 ? std::string("no migration applied") : fmt::format("{}", *version),
      .hint = "run `quartermaster migrate up`"};
}

std::optional<Report> unmet_requirement(std::span<const PluginInfo> plugins,
                                        const RegisteredQuery& query,
                                        const SchemaVersion& schema_version) {
  for (const QueryRequirement& requirement : query.requirements) {
    const PluginInfo* other = find_plugin(plugins, requirement.plugin);
    if (!other || other->state != PluginState::loaded) {
      return Report{
          .object = fmt::format("query {}", query.full_name),
          .expected = fmt::format("plugin {}, whose tables it reads", requirement.plugin),
          .found = !other ? std::string("none") : fmt::format("it is {}", to_string(other->state)),
          .hint = "install and enable the plugin, or do without the query"};
    }
    if (auto report = behind(query, requirement.plugin, requirement.since_version, schema_version))
      return report;
  }
  return std::nullopt;
}

}  // namespace

const PluginInfo* find_plugin(std::span<const PluginInfo> plugins, std::string_view id) noexcept {
  const auto found = std::find_if(plugins.begin(), plugins.end(),
                                  [&](const PluginInfo& info) { return info.id == id; });
  return found == plugins.end() ? nullptr : &*found;
}

std::optional<Report> why_unavailable(std::span<const PluginInfo> plugins,
                                      const RegisteredQuery& query,
                                      const SchemaVersion& schema_version) {
  // Without a version of its own a query needs the plugin's first: nothing of it may be there.
  const PluginInfo* plugin = find_plugin(plugins, query.plugin);
  const std::uint32_t first =
      plugin && !plugin->migrations.empty() ? plugin->migrations.front().version : 0;
  if (auto report =
          behind(query, query.plugin, std::max(query.since_version, first), schema_version)) {
    return report;
  }
  return unmet_requirement(plugins, query, schema_version);
}

Expected<const RegisteredQuery*, BindError> bind_query(
    std::span<const PluginInfo> plugins, std::string_view plugin, std::string_view name,
    std::uint64_t signature_hash, std::string_view signature, const SchemaVersion& schema_version) {
  const PluginInfo* info = find_plugin(plugins, plugin);
  if (!info) return plugin_absent(plugin);
  if (info->state != PluginState::loaded) return plugin_not_usable(*info);

  bool has_name = false;
  for (const RegisteredQuery* query : info->queries) {
    if (query->name != name) continue;
    has_name = true;
    // The hash is for speed, the text decides: a collision must not bind.
    if (query->signature_hash != signature_hash || query->signature != signature) continue;
    if (auto report = behind(*query, query->plugin, query->since_version, schema_version))
      return BindError(BindFailure::schema_behind, std::move(*report));
    if (auto unmet = unmet_requirement(plugins, *query, schema_version))
      return BindError(BindFailure::query_unavailable, std::move(*unmet));
    return query;
  }
  return has_name ? signature_mismatch(*info, name, signature) : query_missing(*info, name);
}

}  // namespace qm::host
