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

bool is_utf8(std::string_view text) noexcept;

}  // namespace qm::query
