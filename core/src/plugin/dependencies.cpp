// See dependencies.hpp.
#include "plugin/dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <quartermaster/error.hpp>
#include <set>

namespace qm::plugin {
namespace {

class Ordering {
 public:
  explicit Ordering(const std::vector<DependencyNode>& nodes) : nodes_(nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      index_.emplace(nodes[i].id, i);
    for (const auto& [id, node] : index_)
      waiting_.insert(id);
  }

  std::vector<LoadStep> run() {
    while (!waiting_.empty()) {
      const auto ready = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](const auto& id) { return next_waiting(id) == nullptr; });
      if (ready != waiting_.end()) {
        take(*ready, {});
      } else {
        take_cycle();
      }
    }
    return std::move(steps_);
  }

 private:
  // A dependency of the plugin that has no place in the order yet; null when there is none.
  const std::string* next_waiting(const std::string& id) const {
    for (const auto& dependency : nodes_[index_.at(id)].dependencies) {
      const auto found = waiting_.find(dependency.id);
      if (found != waiting_.end()) return &*found;
    }
    return nullptr;
  }

  // Every waiting plugin has a waiting dependency, so following them from any one comes to a
  // cycle. Its members are out; the next round sees their dependents as ready.
  void take_cycle() {
    std::vector<std::string> trail;
    std::string at = *waiting_.begin();
    auto seen = trail.end();
    while ((seen = std::find(trail.begin(), trail.end(), at)) == trail.end()) {
      trail.push_back(at);
      at = *next_waiting(at);
    }
    trail.erase(trail.begin(), seen);
    // From the smallest id on, so that the same cycle always reads the same.
    std::rotate(trail.begin(), std::min_element(trail.begin(), trail.end()), trail.end());
    const std::string cycle = fmt::format("{} -> {}", fmt::join(trail, " -> "), trail.front());
    for (const std::string& id : trail)
      take(id, cycle);
  }

  void take(const std::string& id, const std::string& cycle) {
    steps_.push_back({index_.at(id), cycle});
    waiting_.erase(waiting_.find(id));  // last: id may be the element itself
  }

  const std::vector<DependencyNode>& nodes_;
  std::map<std::string, std::size_t> index_;
  std::set<std::string> waiting_;
  std::vector<LoadStep> steps_;
};

std::string wanted(const PluginDependency& dependency) {
  return dependency.version_range.empty()
             ? fmt::format("plugin {}", dependency.id)
             : fmt::format("plugin {} {}", dependency.id, dependency.version_range);
}

}  // namespace

std::vector<LoadStep> load_order(const std::vector<DependencyNode>& nodes) {
  return Ordering(nodes).run();
}

UnmetDependency unmet_dependency(
    const std::vector<PluginDependency>& dependencies,
    const std::function<DependencyStatus(std::string_view id)>& status_of) {
  const auto unmet = [](const PluginDependency& dependency, std::string culprit, std::string found,
                        std::string hint) {
    return UnmetDependency{Report{.object = "dependencies",
                                  .expected = wanted(dependency),
                                  .found = std::move(found),
                                  .hint = std::move(hint)}
                               .text(),
                           std::move(culprit)};
  };
  for (const PluginDependency& dependency : dependencies) {
    const DependencyStatus status = status_of(dependency.id);
    switch (status.state) {
      case DependencyStatus::State::absent:
        return unmet(dependency, dependency.id, "no such plugin", "install it");
      case DependencyStatus::State::disabled:
        return unmet(dependency, dependency.id, "it disabled",
                     fmt::format("add {} to plugins.enabled", dependency.id));
      case DependencyStatus::State::rejected:
        return unmet(dependency, status.culprit,
                     status.culprit == dependency.id
                         ? std::string("it refused")
                         : fmt::format("it refused because of {}", status.culprit),
                     fmt::format("see the reason for {}", status.culprit));
      case DependencyStatus::State::loaded:
        break;
    }
    const auto range = VersionRange::parse(dependency.version_range);
    if (!range || !range->contains(status.version)) {
      return unmet(dependency, dependency.id, fmt::format("version {}", status.version.to_string()),
                   "install versions that fit each other");
    }
  }
  return {};
}

}  // namespace qm::plugin
