// The plugins of one Host: found, chosen, ordered, checked, started; stopped on destruction,
// dependents first. A plugin that is refused takes its dependents with it; every plugin found is
// listed, with its reason when it does not run.
#pragma once

#include <filesystem>
#include <map>
#include <quartermaster/config.hpp>
#include <quartermaster/host.hpp>
#include <quartermaster/observer.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/dependencies.hpp"
#include "plugin/discovery.hpp"
#include "plugin/lifecycle.hpp"

namespace qm::plugin {

class PluginSet {
 public:
  // Throws ConfigError for a missing directory, and for an enabled id that was not found.
  PluginSet(const PluginConfig& config, ObserverPtr observer);
  ~PluginSet();
  PluginSet(const PluginSet&) = delete;
  PluginSet& operator=(const PluginSet&) = delete;

  // Loaded ones first in load order, then the others by id.
  std::span<const PluginInfo> plugins() const noexcept { return infos_; }

 private:
  // The plugins in use; released when the constructor throws, too.
  class Running {
   public:
    explicit Running(const ObserverPtr& observer) : observer_(observer) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();  // takes the loader lock
    void start(LoadedPlugin& plugin, const Descriptor& descriptor);

   private:
    const ObserverPtr& observer_;
    std::vector<LoadedPlugin*> plugins_;
  };

  std::vector<Manifest> choose(const PluginConfig& config, std::vector<Finding> findings);
  void load_all(const std::vector<Manifest>& manifests);
  PluginInfo load(const Manifest& manifest);
  void check_ranges(const PluginInfo& info) const;
  void reject(const Manifest& manifest, std::string reason, std::string culprit);
  DependencyStatus status_of(std::string_view id) const;
  void note(Severity severity, const std::string& message) const;

  ObserverPtr observer_;
  Running running_;
  std::vector<PluginInfo> infos_;
  std::map<std::string, DependencyStatus, std::less<>> status_;
};

}  // namespace qm::plugin
