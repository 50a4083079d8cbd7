// Values made of values, as PostgreSQL prints them: arrays, ranges, multiranges, records. Quoting
// follows array_out(), range_out() and record_out().
#pragma once

#include <quartermaster/result.hpp>
#include <string>
#include <string_view>

namespace qm::query {

bool is_composite(Oid type) noexcept;

// Binary format only. Throws DecodeError when the bytes break the type's format.
std::string composite_text(const Field& field);

// In double quotes when it is empty, has white space or one of `special`. Quotes and backslashes in
// it get a backslash before them, or are doubled.
std::string quoted(std::string_view text, std::string_view special, bool backslashes);
inline constexpr std::string_view range_special = "()[],\"\\";
inline constexpr std::string_view record_special = "(),\"\\";

// As an element of an array's text.
std::string array_element(std::string_view text);

bool is_utf8(std::string_view text) noexcept;

}  // namespace qm::query
