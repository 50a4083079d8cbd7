// Result over libpq's PGresult. The libpq accessors check their arguments and accept a null result,
// so nothing is checked twice here.
#include <libpq-fe.h>

#include <charconv>
#include <quartermaster/result.hpp>

namespace qm {

void Result::Clear::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

int Result::rows() const noexcept {
  return PQntuples(get());
}

int Result::columns() const noexcept {
  return PQnfields(get());
}

std::string_view Result::column_name(int column) const {
  const char* name = column < columns() ? PQfname(get(), column) : nullptr;
  return name == nullptr ? std::string_view() : name;
}

Oid Result::column_type(int column) const {
  return PQftype(get(), column);
}

int Result::column_index(std::string_view name) const noexcept {
  // PQfnumber() would fold the case of an unquoted name.
  for (int column = 0; column < columns(); ++column) {
    if (PQfname(get(), column) == name) return column;
  }
  return -1;
}

Field Result::field(int row, int column) const noexcept {
  pg_result* result = get();
  Field field;
  field.data = PQgetvalue(result, row, column);
  field.size = PQgetlength(result, row, column);
  field.format = PQfformat(result, column);
  field.type = PQftype(result, column);
  // libpq gives NULL an empty text of its own; only an empty value needs the question.
  if (field.size == 0 && PQgetisnull(result, row, column) != 0) field.data = nullptr;
  return field;
}

std::string_view Result::command_tag() const noexcept {
  const char* tag = PQcmdStatus(get());
  return tag == nullptr ? std::string_view() : tag;
}

std::int64_t Result::affected_rows() const noexcept {
  const std::string_view digits = PQcmdTuples(get());
  std::int64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

}  // namespace qm
