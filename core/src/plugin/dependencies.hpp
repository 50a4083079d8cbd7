// The order in which plugins load, and what keeps one from loading. Pure: works on ids and
// version ranges, knows no files and no libraries.
#pragma once

#include <cstddef>
#include <functional>
#include <quartermaster/host.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/version.hpp"

namespace qm::plugin {

struct DependencyNode {
  std::string id;
  Version version;
  std::vector<PluginDependency> dependencies;
};

struct LoadStep {
  std::size_t node = 0;
  std::string cycle;  // "a -> b -> a" when it is part of one and cannot load
};

// Dependencies first, by id where there is a choice. Dependencies on ids that are not among the
// nodes do not count here: unmet_dependency() speaks of them. Every node is in the answer once.
std::vector<LoadStep> load_order(const std::vector<DependencyNode>& nodes);

// How a plugin stands when a dependent asks for it.
struct DependencyStatus {
  enum class State { loaded, rejected, disabled, absent } state = State::absent;
  Version version;
  std::string culprit;  // rejected: the plugin whose own fault it is; may be itself
};

// The first dependency that is not met, as the reason for refusing the plugin; empty when all are.
struct UnmetDependency {
  std::string reason;
  std::string culprit;
};
UnmetDependency unmet_dependency(
    const std::vector<PluginDependency>& dependencies,
    const std::function<DependencyStatus(std::string_view id)>& status_of);

}  // namespace qm::plugin
