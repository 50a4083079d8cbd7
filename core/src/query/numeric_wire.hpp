// The access that the wire codec and the JSON renderer have to Numeric's canonical text.
#pragma once

#include <quartermaster/types.hpp>
#include <string>
#include <utility>

namespace qm {

struct NumericAccess {
  // `text` is canonical already.
  static Numeric from_canonical(std::string text) {
    Numeric numeric;
    numeric.text_ = std::move(text);
    return numeric;
  }
};

namespace query {

// PostgreSQL's bounds: digits before the decimal point, and after it.
inline constexpr std::int64_t numeric_max_integer_digits = 131072;
inline constexpr std::int64_t numeric_max_scale = 16383;

}  // namespace query

}  // namespace qm
