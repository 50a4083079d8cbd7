// What the generated typed clients (quartermaster/<plugin>.hpp) are written with: finding their
// queries in a host, and reading results into rows. Not for hand-written code, which reads results
// with row.hpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <quartermaster/error.hpp>
#include <quartermaster/executor.hpp>
#include <quartermaster/expected.hpp>
#include <quartermaster/host.hpp>
#include <quartermaster/row.hpp>
#include <string_view>
#include <vector>

namespace qm::client {

// Looks up one query after the other; keeps the first failure.
class QM_API Binder {
 public:
  // Both must outlive the binder.
  Binder(const Host& host, std::string_view plugin) : host_(host), plugin_(plugin) {}

  void operator()(const RegisteredQuery*& query, std::string_view name,
                  std::uint64_t signature_hash, std::string_view signature);

  const std::optional<BindError>& error() const noexcept { return error_; }

 private:
  const Host& host_;
  std::string_view plugin_;
  std::optional<BindError> error_;
};

[[noreturn]] QM_API void throw_no_row(const RegisteredQuery& query);

template <class T>
concept Row = requires(RowReader& reader) {
  { T::read(reader) } -> std::same_as<T>;
};

// A row of a table within a row, of `columns` columns; none where an outer join found none.
template <Row T>
std::optional<T> read_embedded(RowReader& reader, int columns) {
  if (reader.skip_nulls(columns)) return std::nullopt;
  return T::read(reader);
}

template <class T>
T read_row(const Result& result, int row) {
  RowReader reader(result, row);
  if constexpr (Row<T>) {
    return T::read(reader);
  } else {
    return reader.next<T>();
  }
}

// All three: T is a generated struct, or the type of the only column. They throw DecodeError when
// the result does not have `columns` columns of these types.

// The first row; ProtocolError when there is none.
template <class T>
T read_one(const RegisteredQuery& query, const Result& result, int columns) {
  require_columns(result, columns);
  if (result.empty()) throw_no_row(query);
  return read_row<T>(result, 0);
}

template <class T>
std::optional<T> read_opt(const Result& result, int columns) {
  require_columns(result, columns);
  if (result.empty()) return std::nullopt;
  return read_row<T>(result, 0);
}

template <class T>
std::vector<T> read_many(const Result& result, int columns) {
  require_columns(result, columns);
  std::vector<T> rows;
  const int count = result.rows();
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row)
    rows.push_back(read_row<T>(result, row));
  return rows;
}

}  // namespace qm::client
