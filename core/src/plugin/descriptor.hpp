// What a loaded library says of itself: its qm_plugin, checked against the conventions of plugin.h
// and against the manifest, and copied into the host's own types. Not for calling the plugin
// (lifecycle.hpp), and not for what several plugins must agree on (plugin_set.hpp).
#pragma once

#include <quartermaster/plugin.h>

#include <cstddef>
#include <quartermaster/host.hpp>
#include <quartermaster/query.hpp>
#include <vector>

#include "plugin/abi_reader.hpp"
#include "plugin/manifest.hpp"

namespace qm::plugin {

// Upper bounds on what one plugin may bring: far above any use, low enough that reading a
// descriptor full of nonsense ends soon. Bytes and counts.
inline constexpr std::size_t max_name_bytes = 1024;
inline constexpr std::size_t max_description_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t max_migration_bytes = std::size_t{4} << 20;
inline constexpr std::size_t max_query_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_identifier_bytes = 63;  // NAMEDATALEN - 1
inline constexpr std::size_t max_schemas = 100;
inline constexpr std::size_t max_ranges = 1000;
inline constexpr std::size_t max_migrations = 10'000;
inline constexpr std::size_t max_queries = 10'000;
inline constexpr std::size_t max_requirements = 100;
inline constexpr std::size_t max_parameters = 65'535;  // of a Bind message
inline constexpr std::size_t max_columns = 1664;       // MaxTupleAttributeNumber

struct Descriptor {
  PluginInfo info;  // without what the manifest and the file say, and without queries
  std::vector<RegisteredQuery> queries;  // index not yet given
  qm_status (*start)(const qm_host* host, qm_error* error) = nullptr;
  void (*stop)() = nullptr;
  const void* (*capability)(qm_string id) = nullptr;
};

// Throws PluginError naming the field.
Descriptor read_descriptor(const qm_plugin* plugin, const Manifest& manifest);

// The part of it that reads queries (descriptor_queries.cpp).
std::vector<RegisteredQuery> read_queries(const qm_plugin& plugin, const PluginInfo& info);

// Whether the version belongs to one of the ranges.
bool owns_version(const std::vector<MigrationRange>& ranges, std::uint32_t version) noexcept;

// Throws PluginError when this host cannot serve that ABI version (convention 9).
void check_abi(const std::string& where, std::uint32_t major, std::uint32_t minor);

}  // namespace qm::plugin
