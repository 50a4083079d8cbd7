// See plugin_set.hpp.
#include "plugin/plugin_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <quartermaster/error.hpp>
#include <set>
#include <utility>

#include "plugin/query_registry.hpp"

namespace qm {

const char* to_string(PluginState state) noexcept {
  switch (state) {
    case PluginState::loaded:
      return "loaded";
    case PluginState::rejected:
      return "rejected";
    case PluginState::disabled:
      return "disabled";
  }
  return "unknown";
}

namespace plugin {
namespace {

using State = DependencyStatus::State;

PluginInfo info_of(const Manifest& manifest) {
  PluginInfo info;
  info.id = manifest.id;
  info.name = manifest.name;
  info.version = manifest.version.to_string();
  info.manifest = manifest.file;
  info.library = manifest.library;
  info.abi_major = manifest.abi_major;
  info.abi_minor = manifest.abi_minor;
  info.dependencies = manifest.dependencies;
  return info;
}

// The ids that load. With names given: those, and what they depend on, except that an optional
// plugin is never drawn in by another one.
std::set<std::string> enabled_ids(const std::vector<std::string>& names,
                                  const std::vector<Finding>& findings) {
  std::map<std::string, const Manifest*> manifests;
  std::set<std::string> known;
  for (const Finding& finding : findings) {
    known.insert(finding.id);
    if (finding.manifest) manifests.emplace(finding.id, &*finding.manifest);
  }
  std::set<std::string> enabled;
  if (names.empty()) {
    for (const auto& [id, manifest] : manifests) {
      if (!manifest->optional) enabled.insert(id);
    }
    return enabled;
  }
  std::vector<std::string> open;
  for (const std::string& name : names) {
    if (!known.contains(name)) {
      throw ConfigError({.object = "plugins.enabled",
                         .expected = known.empty()
                                         ? std::string("the id of an installed plugin (none found)")
                                         : fmt::format("one of {}", fmt::join(known, ", ")),
                         .found = printable(name),
                         .hint = "check the spelling and plugins.directories"});
    }
    open.push_back(name);
  }
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    const auto manifest = manifests.find(id);
    if (manifest == manifests.end() || !enabled.insert(id).second) continue;
    for (const PluginDependency& dependency : manifest->second->dependencies) {
      const auto needed = manifests.find(dependency.id);
      if (needed != manifests.end() && !needed->second->optional) open.push_back(dependency.id);
    }
  }
  return enabled;
}

}  // namespace

PluginSet::Running::~Running() {
  if (plugins_.empty()) return;
  const std::lock_guard lock(loader_mutex());
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) {
    (*plugin)->release(observer_);
  }
}

void PluginSet::Running::start(LoadedPlugin& plugin, const Descriptor& descriptor) {
  plugins_.reserve(plugins_.size() + 1);  // nothing may throw once it has started
  plugin.start(descriptor, observer_);
  plugins_.push_back(&plugin);
}

PluginSet::PluginSet(const PluginConfig& config, ObserverPtr observer)
    : observer_(std::move(observer)), running_(observer_) {
  std::vector<Finding> findings = find_manifests(search_path(config));
  load_all(choose(config, std::move(findings)));
  // load_all() appends in load order, so the loaded ones are in order already.
  const auto others = std::stable_partition(
      infos_.begin(), infos_.end(),
      [](const PluginInfo& info) { return info.state == PluginState::loaded; });
  std::stable_sort(others, infos_.end(),
                   [](const PluginInfo& a, const PluginInfo& b) { return a.id < b.id; });
}

PluginSet::~PluginSet() = default;

std::vector<Manifest> PluginSet::choose(const PluginConfig& config, std::vector<Finding> findings) {
  const std::set<std::string> enabled = enabled_ids(config.enabled, findings);
  std::vector<Manifest> chosen;
  for (Finding& finding : findings) {
    if (!finding.manifest) {
      PluginInfo info;
      info.id = finding.id;
      info.manifest = finding.file;
      info.reason = finding.reason;
      note(Severity::warning, fmt::format("{}: refused: {}", info.id, info.reason));
      infos_.push_back(std::move(info));
      // A good manifest with the same id, elsewhere, counts instead.
      status_.try_emplace(finding.id, DependencyStatus{State::rejected, {}, finding.id});
    } else if (!enabled.contains(finding.id)) {
      PluginInfo info = info_of(*finding.manifest);
      info.state = PluginState::disabled;
      info.reason = finding.manifest->optional ? "optional and not named in plugins.enabled"
                                               : "not named in plugins.enabled";
      infos_.push_back(std::move(info));
      status_[finding.id] = {State::disabled, finding.manifest->version, {}};
    } else {
      chosen.push_back(std::move(*finding.manifest));
    }
  }
  return chosen;
}

void PluginSet::load_all(const std::vector<Manifest>& manifests) {
  std::vector<DependencyNode> nodes;
  nodes.reserve(manifests.size());
  for (const Manifest& manifest : manifests) {
    nodes.push_back({manifest.id, manifest.version, manifest.dependencies});
  }
  const std::lock_guard lock(loader_mutex());
  for (const LoadStep& step : load_order(nodes)) {
    const Manifest& manifest = manifests[step.node];
    if (!step.cycle.empty()) {
      reject(manifest, "dependencies: they form a cycle: " + step.cycle, manifest.id);
      continue;
    }
    const UnmetDependency unmet = unmet_dependency(
        manifest.dependencies, [this](std::string_view id) { return status_of(id); });
    if (!unmet.reason.empty()) {
      reject(manifest, unmet.reason, unmet.culprit);
      continue;
    }
    try {
      infos_.push_back(load(manifest));
      status_[manifest.id] = {State::loaded, manifest.version, {}};
      note(Severity::debug,
           fmt::format("{} {} loaded from {}", manifest.id, manifest.version.to_string(),
                       printable(manifest.library.native(), 4096)));
    } catch (const PluginError& error) {
      reject(manifest, error.what(), manifest.id);
    }
  }
}

PluginInfo PluginSet::load(const Manifest& manifest) {
  check_abi(printable(manifest.file.native(), 4096), manifest.abi_major, manifest.abi_minor);
  LoadedPlugin& plugin = LoadedPlugin::load(open_trusted_file(manifest.library));
  Descriptor descriptor = read_descriptor(plugin.descriptor(), manifest);
  check_ranges(descriptor.info);

  PluginInfo info = descriptor.info;
  info.manifest = manifest.file;
  info.library = manifest.library;
  if (info.name.empty()) info.name = manifest.name;
  info.sha256 = to_hex(plugin.sha256());
  running_.start(plugin, descriptor);
  // Registered only now: a refused plugin leaves nothing behind.
  for (RegisteredQuery& query : descriptor.queries) {
    info.queries.push_back(register_query(std::move(query)));
  }
  info.state = PluginState::loaded;
  return info;
}

void PluginSet::check_ranges(const PluginInfo& info) const {
  for (const PluginInfo& other : infos_) {
    if (other.state != PluginState::loaded) continue;
    for (const MigrationRange& theirs : other.ranges) {
      for (const MigrationRange& range : info.ranges) {
        if (range.first > theirs.last || theirs.first > range.last) continue;
        throw PluginError(
            {.object = fmt::format("migration range {} to {}", range.first, range.last),
             .expected = "versions that no other plugin has",
             .found = fmt::format("{} to {} of plugin {}", theirs.first, theirs.last, other.id),
             .hint = "ask the authors which of the two moves"});
      }
    }
  }
}

void PluginSet::reject(const Manifest& manifest, std::string reason, std::string culprit) {
  PluginInfo info = info_of(manifest);
  info.reason = std::move(reason);
  note(Severity::warning, fmt::format("{}: refused: {}", info.id, info.reason));
  infos_.push_back(std::move(info));
  status_[manifest.id] = {State::rejected, manifest.version, std::move(culprit)};
}

DependencyStatus PluginSet::status_of(std::string_view id) const {
  const auto found = status_.find(id);
  return found == status_.end() ? DependencyStatus{} : found->second;
}

void PluginSet::note(Severity severity, const std::string& message) const {
  if (observer_) {
    observer_->on_note({.severity = severity, .area = "plugin", .message = message});
  }
}

}  // namespace plugin
}  // namespace qm
