// The single sequence in which the versions of all plugins were numbered before each plugin had
// ranges of its own. Pure: reads what the files' "formerly" comments say.
#pragma once

#include <cstdint>
#include <quartermaster/migrator.hpp>
#include <span>
#include <vector>

namespace qm::migrate {

// One number of that sequence; several plugins may have a part of it.
struct FormerVersion {
  std::uint64_t number = 0;
  std::vector<MigrationStep> steps{};  // ascending by version
};

// Ascending by number. A version whose file says nothing had the number that it has now. Throws
// MigrationError for a comment that names no number.
std::vector<FormerVersion> former_sequence(std::span<const PluginInfo> plugins);

// The first of the numbers from 1 to `last` that are not in the sequence.
std::vector<std::uint64_t> missing_numbers(const std::vector<FormerVersion>& sequence,
                                           std::uint64_t last);

}  // namespace qm::migrate
