// Writes the C file of a plugin: its tables for plugin.h, all static constant data, and the entry
// function that gives them out.
#pragma once

#include <string>

#include "codegen/plugin.hpp"

namespace qm::codegen {

// `lock` is current for the plugin.
std::string emit_plugin_source(const Plugin& plugin, const Lock& lock);

// The manifest that is installed beside the plugin's library and read by hosts: JSON.
std::string emit_install_manifest(const Manifest& manifest);

// What stands for the text between the quotes of a C or C++ string literal. No trigraphs.
std::string c_characters(std::string_view text);

// The text as adjacent C string literals, a line of the text each, every one on a new line after
// the indentation. No trigraphs, no bytes that C would read otherwise.
std::string c_literal(std::string_view text, std::string_view indent);

}  // namespace qm::codegen
