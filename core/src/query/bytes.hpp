// bytea as text.
#pragma once

#include <quartermaster/types.hpp>
#include <string>
#include <string_view>

namespace qm::query {

// "\x00ff" of raw bytes.
std::string hex_text(std::string_view bytes);
// Reads both of PostgreSQL's output formats, hex and escape. Throws DecodeError.
Bytes parse_bytes(std::string_view text);

}  // namespace qm::query
