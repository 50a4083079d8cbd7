// How a typed client finds its query among the plugins, and the five ways in which it may not.
// Works on what is listed of the plugins; knows no libraries and no database.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <quartermaster/error.hpp>
#include <quartermaster/expected.hpp>
#include <quartermaster/host.hpp>
#include <span>
#include <string_view>

namespace qm::host {

// The first plugin of that id; loaded ones come before others of the same id. Null when none.
const PluginInfo* find_plugin(std::span<const PluginInfo> plugins, std::string_view id) noexcept;

// The schema version of a plugin in the database, none while it is not known. Asked only for
// queries that need one.
using SchemaVersion =
    std::function<std::optional<std::uint32_t>(const std::string& plugin, std::uint32_t needed)>;

// Why the query cannot be run: its plugin's schema is behind, or a plugin that it reads from is not
// loaded or behind.
std::optional<Report> why_unavailable(std::span<const PluginInfo> plugins,
                                      const RegisteredQuery& query,
                                      const SchemaVersion& schema_version);

Expected<const RegisteredQuery*, BindError> bind_query(
    std::span<const PluginInfo> plugins, std::string_view plugin, std::string_view name,
    std::uint64_t signature_hash, std::string_view signature, const SchemaVersion& schema_version);

}  // namespace qm::host
