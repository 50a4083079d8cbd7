// What text from a manifest or a plugin must look like, and how it is shown when it does not. Not
// for SQL: that is the server's to judge.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace qm::plugin {

// Well-formed UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

// The offset of the first byte that is not well-formed UTF-8; npos when there is none.
std::size_t first_invalid_utf8(std::string_view text) noexcept;

bool is_plugin_id(std::string_view text) noexcept;       // [a-z][a-z0-9_]{0,62}
bool is_migration_slug(std::string_view text) noexcept;  // [a-z0-9_]{1,200}
bool is_query_name(std::string_view text) noexcept;      // [A-Za-z_][A-Za-z0-9_]{0,62}

// Text of unknown origin for a message: control characters and bytes that are not UTF-8 as \xNN,
// so that nobody writes to a terminal or a log by naming a plugin; cut after `limit` bytes.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace qm::plugin
