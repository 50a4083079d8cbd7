// A plugin's life in this process, as convention 7 of plugin.h has it: entry once, start() once,
// stop() once for a loaded library, one at a time under the loader lock. Not for which plugins
// load or in what order (plugin_set.hpp).
//
// Several Hosts of a process share a library (same file, same content): the first to need it
// starts it, the last to leave stops it. A library that was stopped, or whose start() failed, is
// spent, because neither may be called again: the next Host maps a fresh image of the file. One
// without stop() is never spent, so a plugin that is only data is mapped once.
#pragma once

#include <quartermaster/plugin.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <quartermaster/observer.hpp>

#include "plugin/descriptor.hpp"
#include "plugin/host_services.hpp"
#include "plugin/library.hpp"
#include "plugin/trusted_file.hpp"

namespace qm::plugin {

// Held while plugins are mapped, started and stopped; everything below is called under it. A
// plugin's start() and stop() run under it, and so does what an observer does with a record that
// they write: neither may make or destroy a Host.
std::mutex& loader_mutex();

class LoadedPlugin {
 public:
  // The library in the file, mapped now or before. Throws PluginError.
  static LoadedPlugin& load(TrustedFile file);

  // Null when the plugin cannot serve this host.
  const qm_plugin* descriptor() const noexcept { return raw_; }
  const Sha256Digest& sha256() const noexcept { return library_.sha256; }

  // One more Host uses the plugin, checked as `descriptor`. Throws PluginError when start() fails.
  void start(const Descriptor& descriptor, const ObserverPtr& observer);
  // One Host less.
  void release(const ObserverPtr& observer) noexcept;

 private:
  LoadedPlugin(Library library, dev_t device, ino_t inode);
  ~LoadedPlugin() = default;  // leaked

  void call_entry();

  Library library_;
  dev_t device_;
  ino_t inode_;
  const qm_plugin* raw_ = nullptr;
  void (*stop_)() = nullptr;
  HostServices* services_ = nullptr;  // leaked; made by the first start()
  std::size_t users_ = 0;
  bool started_ = false;
  bool spent_ = false;
};

}  // namespace qm::plugin
