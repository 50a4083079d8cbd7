// A plugin's manifest: the JSON file beside the library that says, before any of its code runs,
// what the plugin is and what it needs. Not for finding manifests (discovery.hpp) and not for
// what the library itself says (descriptor.hpp), which must agree with it.
//
//   {"id": "movie", "name": "Movies", "version": "0.1.0", "abi_major": 1, "abi_minor": 0,
//    "library": "movie.so", "dependencies": [{"id": "shared", "version": ">=0.1.0 <1.0.0"}],
//    "optional": false}
//
// "name" defaults to the id, "dependencies" to none, a dependency's "version" to any, "optional"
// to false. Other members are left alone: a manifest of a later revision has more of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <quartermaster/host.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/version.hpp"

namespace qm::plugin {

inline constexpr std::size_t max_manifest_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_dependencies = 100;

struct Manifest {
  std::filesystem::path file;
  std::filesystem::path library;  // absolute, inside the directory tree of the file
  std::string id;
  std::string name;
  Version version;
  std::uint32_t abi_major = 0;
  std::uint32_t abi_minor = 0;
  std::vector<PluginDependency> dependencies;  // ids and ranges checked for syntax
  bool optional = false;                       // off unless enabled by name
};

// Throws PluginError naming the file with line and column, or the member.
Manifest parse_manifest(std::string_view text, const std::filesystem::path& file);

}  // namespace qm::plugin
