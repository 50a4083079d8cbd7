// The rows of one finished statement: a view over libpq's result, decoded on access by codec.hpp.
// Owns the result; independent of the connection it came from. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <quartermaster/types.hpp>
#include <string_view>

extern "C" {
struct pg_result;
}

namespace qm {

// One value as the server sent it. Valid as long as its Result.
struct Field {
  const char* data = nullptr;  // null for NULL
  int size = 0;
  int format = 0;  // 1 binary, 0 text
  Oid type = 0;

  bool is_null() const noexcept { return data == nullptr; }
};

class Result {
 public:
  Result() noexcept = default;
  // Takes ownership (PQclear).
  explicit Result(pg_result* result) noexcept : result_(result) {}

  QM_API int rows() const noexcept;
  QM_API int columns() const noexcept;
  QM_API std::string_view column_name(int column) const;  // "" when there is no such column
  QM_API Oid column_type(int column) const;
  // The first column of this exact name; -1 when there is none.
  QM_API int column_index(std::string_view name) const noexcept;
  // 0 <= row < rows(), 0 <= column < columns(); anything else reads as NULL.
  QM_API Field field(int row, int column) const noexcept;
  // "INSERT 0 1" and the number in it (0 where the tag has none).
  QM_API std::string_view command_tag() const noexcept;
  QM_API std::int64_t affected_rows() const noexcept;
  bool empty() const noexcept { return rows() == 0; }
  pg_result* get() const noexcept { return result_.get(); }

 private:
  struct Clear {
    QM_API void operator()(pg_result* result) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace qm
