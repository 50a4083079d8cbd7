// Reads rows of a Result into C++ values. What generated clients use; errors name the column and
// the row. The common case (binary, the column has T's own type) is inline; everything else is one
// call into an out-of-line instance per T, to keep generated code small.
#pragma once

#include <optional>
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/result.hpp>
#include <string_view>

namespace qm {

namespace detail {

[[noreturn]] QM_API void throw_in_column(const Report& report, const Result& result, int row,
                                         int column);
[[noreturn]] QM_API void throw_null_in_column(const Result& result, int row, int column);
[[noreturn]] QM_API void throw_no_column(const Result& result, std::string_view name);

template <class T>
[[gnu::noinline]] T decode_named(const Field& field, const Result& result, int row, int column) {
  if (field.is_null()) throw_null_in_column(result, row, column);
  try {
    return Codec<T>::decode(field);
  } catch (const DecodeError& error) {
    throw_in_column(error.report(), result, row, column);
  }
}

}  // namespace detail

// The value in a cell; std::optional<T> for a column that may be NULL. 0 <= row < rows(). Throws
// DecodeError naming the column: it cannot be read as T, is NULL for a T that is not optional, or
// does not exist.
template <class T>
T decode_field(const Result& result, int row, int column) {
  const Field field = result.field(row, column);
  using Value = typename detail::OptionalTraits<T>::Value;
  if constexpr (requires { Codec<Value>::is_direct(field); }) {
    if (Codec<Value>::is_direct(field)) [[likely]]
      return Codec<Value>::read(field);
  }
  if constexpr (detail::OptionalTraits<T>::is_optional) {
    if (field.is_null() && column < result.columns()) return std::nullopt;
  }
  return detail::decode_named<Value>(field, result, row, column);
}

// The same by column name, for hand-written code: looks the name up each time.
template <class T>
T get(const Result& result, int row, std::string_view column) {
  const int index = result.column_index(column);
  if (index < 0) detail::throw_no_column(result, column);
  return decode_field<T>(result, row, index);
}

// Throws DecodeError unless the result has this many columns. Generated code asks once a result.
QM_API void require_columns(const Result& result, int expected);

// The columns of one row, in order: Movie{row.next<Uuid>(), row.next<std::optional<Date>>(), ...}
// (braces, which are evaluated from left to right, not a call's parentheses).
class RowReader {
 public:
  RowReader(const Result& result, int row, int first_column = 0) noexcept
      : result_(result), row_(row), column_(first_column) {}

  template <class T>
  T next() {
    return decode_field<T>(result_, row_, column_++);
  }
  // Passes over the next columns when all of them are NULL; otherwise stays where it is.
  bool skip_nulls(int columns) {
    for (int i = 0; i < columns; ++i) {
      if (!result_.field(row_, column_ + i).is_null()) return false;
    }
    column_ += columns;
    return true;
  }

 private:
  const Result& result_;
  int row_;
  int column_;
};

}  // namespace qm
