// Reads a configuration file into raw values with their places. Not for what they mean: the loader
// hands them to the key table.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "config/value.hpp"

namespace qm::config {

// More is not a configuration file, and everything read is kept in memory.
inline constexpr std::size_t largest_file = std::size_t{1024} * 1024;

// Full key ("database.max_conns") to value. Every key is in the table; the values are unchecked.
// Throws ConfigError when the file cannot be read, is not UTF-8 or not YAML, or has an unknown or
// repeated key.
std::map<std::string, RawValue> read_file(const std::filesystem::path& path);

}  // namespace qm::config
