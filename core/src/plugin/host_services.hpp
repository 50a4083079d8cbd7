// What the host offers to one loaded library: its qm_host and the capability tables behind it. One
// per library and leaked with it, because the plugin may keep the pointer, and because several
// Hosts in a process share the library.
#pragma once

#include <quartermaster/plugin.h>

#include <mutex>
#include <quartermaster/observer.hpp>
#include <string>
#include <vector>

namespace qm::plugin {

class HostServices : public qm_host {
 public:
  explicit HostServices(const std::string& plugin_id);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  // Where the plugin's log records go: to each attached observer, once per attach() of a Host,
  // but not twice to the same one. Null is allowed. Thread-safe.
  void attach(const ObserverPtr& observer);
  void detach(const ObserverPtr& observer);

  void log(qm_log_level level, qm_string message) const noexcept;

 private:
  ~HostServices() = default;  // leaked

  std::string area_;  // "plugin movie"
  mutable std::mutex mutex_;
  std::vector<ObserverPtr> observers_;
};

}  // namespace qm::plugin
