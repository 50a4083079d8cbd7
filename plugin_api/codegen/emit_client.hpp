// Writes the typed client of a plugin: one C++ header with a struct for each kind of row and a
// method for each query. It is what applications read, so it is laid out for reading.
#pragma once

#include <string>

#include "codegen/plugin.hpp"

namespace qm::codegen {

// `lock` is current for the plugin. Throws CodegenError when two tables would give their rows the
// same name and the manifest does not rename one.
std::string emit_client_header(const Plugin& plugin, const Lock& lock);

}  // namespace qm::codegen
