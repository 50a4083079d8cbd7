// The ways in which a value can be unreadable, worded alike everywhere. Not for naming the column:
// row.cpp adds that, because a codec sees one field only.
#pragma once

#include <quartermaster/result.hpp>
#include <quartermaster/types.hpp>
#include <string>
#include <string_view>

namespace qm::query {

// Text that is not a literal of `object` ("uuid", "date"); shows its beginning.
[[noreturn]] void throw_unreadable_text(std::string_view object, std::string_view expected,
                                        std::string_view text, std::string_view hint = {});
// The field has a type that does not convert to `expected`.
[[noreturn]] void throw_wrong_type(const Field& field, Oid expected, std::string_view hint = {});
// The field has the right type, but its bytes break the type's binary format. Values are not
// shown: they may be anybody's data.
[[noreturn]] void throw_broken_bytes(const Field& field, std::string_view problem);
[[noreturn]] void throw_size(const Field& field, std::size_t expected);

// Throws unless the field has a value, of this type when it arrived in binary.
void require_value(const Field& field, Oid expected);

// At most 40 bytes of a text, in quotes.
std::string excerpt(std::string_view text);

inline std::string_view text_of(const Field& field) noexcept {
  return {field.data, static_cast<std::size_t>(field.size)};
}

}  // namespace qm::query
