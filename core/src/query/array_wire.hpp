// The header of an array in binary format (array_send() of PostgreSQL), for readers of one
// dimension and of any number.
#pragma once

#include <array>
#include <cstdint>
#include <quartermaster/result.hpp>

namespace qm::query {

inline constexpr int max_dimensions = 6;  // MAXDIM

struct ArrayHeader {
  int dimensions = 0;
  std::array<std::int32_t, max_dimensions> sizes{};
  std::array<std::int32_t, max_dimensions> lower_bounds{};
  Oid element = 0;
  std::size_t count = 0;           // elements in all
  const char* elements = nullptr;  // the first one's size
};

// Throws DecodeError when the header is broken or promises more elements than there are bytes for.
ArrayHeader read_array_header(const Field& field);

// Takes a value with its 32-bit size in front from [at, end): an array element, a bound of a range,
// a column of a record. Moves `at` behind it. Throws DecodeError, naming the type of `whole`.
Field take_sized_value(const char*& at, const char* end, Oid type, const Field& whole);

}  // namespace qm::query
