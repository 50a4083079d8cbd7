// The errors of row.hpp: what a codec said, with the column's name in front.
#include <quartermaster/row.hpp>
#include <string>

namespace qm {

namespace {

std::string name_cell(const Result& result, int row, int column) {
  return "column " + std::to_string(column + 1) + " \"" + std::string(result.column_name(column)) +
         "\" in row " + std::to_string(row + 1);
}

}  // namespace

namespace detail {

void throw_in_column(const Report& report, const Result& result, int row, int column) {
  Report named = report;
  named.object = name_cell(result, row, column);
  // Of a composite: which of its attributes.
  if (report.object.starts_with("attribute ")) named.object += ", " + report.object;
  throw DecodeError(named);
}

void throw_null_in_column(const Result& result, int row, int column) {
  if (column >= result.columns()) require_columns(result, column + 1);
  throw DecodeError(Report{.object = name_cell(result, row, column),
                           .expected = "a value",
                           .found = "null",
                           .hint = "read it as std::optional"});
}

void throw_no_column(const Result& result, std::string_view name) {
  std::string names;
  for (int column = 0; column < result.columns(); ++column) {
    names += (column == 0 ? "" : ", ") + std::string(result.column_name(column));
  }
  throw DecodeError(Report{.object = "result",
                           .expected = "a column \"" + std::string(name) + "\"",
                           .found = names.empty() ? "no columns" : names});
}

}  // namespace detail

void require_columns(const Result& result, int expected) {
  if (result.columns() == expected) return;
  throw DecodeError(Report{.object = "result",
                           .expected = std::to_string(expected) + " columns",
                           .found = std::to_string(result.columns())});
}

}  // namespace qm
