// Finding plugins: which directories are searched, and the manifests in them. Not for deciding
// which of them load (plugin_set.hpp); nothing of a library is touched here.
//
// Order: the installed directory beside the library, the configured directories, then those of
// QUARTERMASTER_PLUGIN_PATH (colon-separated; ignored when the process is privileged). Within a
// directory by file name. The first manifest with an id has it; a later one is refused.
#pragma once

#include <filesystem>
#include <optional>
#include <quartermaster/config.hpp>
#include <quartermaster/observer.hpp>
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace qm::plugin {

struct SearchDirectory {
  std::filesystem::path path;  // absolute
  std::string origin;          // for messages: "plugins.directories", "QUARTERMASTER_PLUGIN_PATH"
  bool may_be_missing = false;
};

// What one manifest file came to: a manifest, or the reason why it cannot be used.
struct Finding {
  std::filesystem::path file;
  std::string id;  // the manifest's, or the file's stem when it could not be read
  std::optional<Manifest> manifest;
  std::string reason;
};

// Where plugins are installed, relative to the file that this code is in.
std::vector<SearchDirectory> search_path(const PluginConfig& config);

// The manifests of the directories, in order. A directory that is reached twice counts once.
// Throws ConfigError when one is unreadable, or missing or without manifests and must not be.
std::vector<Finding> find_manifests(const std::vector<SearchDirectory>& directories);

}  // namespace qm::plugin
