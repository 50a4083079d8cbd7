// See lifecycle.hpp. Exceptions that plugins let out against convention 6 are caught where that is
// possible: a plugin in C++ forgets it sooner or later.
#include "plugin/lifecycle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <quartermaster/error.hpp>
#include <string>
#include <utility>
#include <vector>

namespace qm::plugin {
namespace {

std::vector<LoadedPlugin*>& loaded_plugins() {
  static auto* const plugins = new std::vector<LoadedPlugin*>;
  return *plugins;
}

struct StartOutcome {
  qm_status status = QM_OK;
  std::string reason;
};

StartOutcome call_start(const Descriptor& descriptor, const qm_host* host) {
  std::array<char, 2048> text{};
  qm_error error{sizeof(qm_error), 0, text.data(), text.size(), 0};
  try {
    const qm_status status = descriptor.start(host, &error);
    // No trust in the size: what was not written to is zeros.
    std::string_view reason(text.data(), std::min(error.size, text.size()));
    reason = reason.substr(0, reason.find('\0'));
    return {status, printable(reason, text.size())};
  } catch (...) {
    return {QM_FAILED, "an exception left the plugin, which the ABI forbids"};
  }
}

}  // namespace

std::mutex& loader_mutex() {
  static auto* const mutex = new std::mutex;
  return *mutex;
}

LoadedPlugin::LoadedPlugin(Library library, dev_t device, ino_t inode)
    : library_(std::move(library)), device_(device), inode_(inode) {}

LoadedPlugin& LoadedPlugin::load(TrustedFile file) {
  const Sha256Digest digest = inspect_library(file);
  auto& plugins = loaded_plugins();
  const auto known = std::find_if(plugins.begin(), plugins.end(), [&](const LoadedPlugin* plugin) {
    return !plugin->spent_ && plugin->device_ == file.device && plugin->inode_ == file.inode &&
           plugin->sha256() == digest;
  });
  LoadedPlugin* plugin = known == plugins.end() ? nullptr : *known;
  if (!plugin) {
    const dev_t device = file.device;
    const ino_t inode = file.inode;
    plugin = new LoadedPlugin(map_library(std::move(file), digest), device, inode);
    plugins.push_back(plugin);
    plugin->call_entry();
  }
  if (!plugin->library_.problem.empty()) {
    throw PluginError({.object = printable(plugin->library_.path.native(), 4096),
                       .problem = plugin->library_.problem});
  }
  return *plugin;
}

void LoadedPlugin::call_entry() {
  if (!library_.entry) return;
  try {
    raw_ = library_.entry(QM_PLUGIN_ABI_MAJOR, QM_PLUGIN_ABI_MINOR);
  } catch (...) {
    library_.problem = "an exception left the entry function, which the ABI forbids";
  }
}

void LoadedPlugin::start(const Descriptor& descriptor, const ObserverPtr& observer) {
  if (!services_) services_ = new HostServices(descriptor.info.id);
  services_->attach(observer);
  if (!started_ && descriptor.start) {
    const StartOutcome outcome = call_start(descriptor, services_);
    if (outcome.status != QM_OK) {
      services_->detach(observer);
      spent_ = true;
      throw PluginError(
          {.object = "start()",
           .problem = fmt::format("failed with status {}: {}", outcome.status,
                                  outcome.reason.empty() ? "no reason given" : outcome.reason)});
    }
  }
  started_ = true;
  stop_ = descriptor.stop;
  ++users_;
}

void LoadedPlugin::release(const ObserverPtr& observer) noexcept {
  if (--users_ == 0 && stop_) {
    spent_ = true;
    try {
      stop_();
    } catch (...) {
      services_->log(QM_LOG_ERROR, {.data = "an exception left stop()", .size = 24});
    }
  }
  services_->detach(observer);
}

}  // namespace qm::plugin
