// Mapping a trusted file as a shared library, once and for good. Not for calling it
// (lifecycle.hpp).
//
// What is mapped is the descriptor that was checked and hashed, by its name /proc/self/fd/N, so
// that nothing can be put in its place in between. The descriptor stays open for the life of the
// process: the dynamic loader takes an equal name for the same library, so N must not be reused.
// Nothing is ever unmapped.
#pragma once

#include <quartermaster/plugin.h>

#include <cstdint>
#include <string>

#include "plugin/sha256.hpp"
#include "plugin/trusted_file.hpp"

namespace qm::plugin {

inline constexpr std::uint64_t max_library_bytes = std::uint64_t{512} << 20;

struct Library {
  std::filesystem::path path;
  Sha256Digest sha256{};
  qm_plugin_entry_fn entry = nullptr;  // null: it exports none, see problem
  std::string problem;
};

// Checks the ELF headers and hashes the file. Throws PluginError.
Sha256Digest inspect_library(const TrustedFile& file);

// Maps a new image of the file, whose constructors run. The loader would answer a second mapping
// of one file with the first image; then a sealed copy in memory is mapped instead. Call under the
// loader lock. Throws PluginError when the loader refuses.
Library map_library(TrustedFile file, const Sha256Digest& sha256);

}  // namespace qm::plugin
