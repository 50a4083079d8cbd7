// Checks and repairs UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF).
// Not for conversions to other encodings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace qm {

// Bytes of the well-formed character at the start of the text; 0 when there is none.
std::size_t utf8_character(std::string_view text) noexcept;

// Offset of the first byte that is not part of a well-formed character; npos when all are.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

// The text with every offending byte replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

}  // namespace qm
