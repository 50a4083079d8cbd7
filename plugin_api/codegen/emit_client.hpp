// Writes the typed client of a set of queries: a C++ header that stands on quartermaster/client.hpp
// alone. A plugin's client finds its queries in a host; a standalone one carries them.
#pragma once

#include <string>
#include <vector>

#include "codegen/lock.hpp"
#include "codegen/plugin.hpp"

namespace qm::codegen {

// A lock that require_current() has accepted. Throws CodegenError for names that collide.
std::string emit_client_header(const Plugin& plugin, const Lock& lock);

struct Standalone {
  std::string name_space;  // "app" or "app::db"
  std::vector<PluginQuery> queries;
  ClientNames names;
};
std::string emit_standalone_header(const Standalone& source, const Lock& lock);

}  // namespace qm::codegen
