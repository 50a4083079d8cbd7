#include "cli/query_rows.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <quartermaster/dynamic.hpp>

namespace qm::cli {
namespace {

// What a line may be wide: the terminal's width, or where there is none what a reader bears.
std::size_t line_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 120;
  return size.ws_col;
}

Node cell_of(const Field& field, bool json) {
  if (json) return Node::RawJson{field_to_json(field)};
  if (field.is_null()) return {};
  Node number = Node::RawJson{field_to_json(field)};
  return number.is_number() ? number : Node(field_to_text(field));
}

Node::Array rows_of(const Result& result, bool json) {
  Node::Array rows;
  for (int r = 0; r < result.rows(); ++r) {
    Node::Object row;
    for (int c = 0; c < result.columns(); ++c)
      row.emplace_back(std::string(result.column_name(c)), cell_of(result.field(r, c), json));
    rows.emplace_back(std::move(row));
  }
  return rows;
}

bool is_null_in_all(const Node::Array& rows, const std::string& column) {
  return !rows.empty() && std::all_of(rows.begin(), rows.end(), [&](const Node& row) {
    const Node* cell = row.find(column);
    return cell == nullptr || cell->is_null();
  });
}

std::size_t widest_line(const std::string& text) {
  std::size_t width = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    width = std::max(width, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return width;
}

// Each row downwards, without what is null in all.
std::string rendered_downwards(const std::vector<Column>& columns, const Node::Array& rows) {
  std::string text;
  for (const Node& row : rows) {
    Node::Object record;
    for (const Column& column : columns)
      record.emplace_back(column.key, *row.find(column.key));
    text += (text.empty() ? "" : "\n") + render_record(record);
  }
  return text;
}

}  // namespace

void print_rows(const Context& context, const Result& result) {
  const bool json = context.output() == Context::Output::json;
  Node::Array rows = rows_of(result, json);
  if (json) {
    context.print_table({}, std::move(rows));
    return;
  }
  std::vector<Column> columns;
  std::string left_out;
  for (int c = 0; c < result.columns(); ++c) {
    const std::string name(result.column_name(c));
    if (is_null_in_all(rows, name)) {
      left_out += (left_out.empty() ? "" : ", ") + name;
    } else {
      columns.push_back({.key = name, .title = {}, .max_width = 36});
    }
  }
  const std::string table = render_table(columns, rows);
  context.print_text(widest_line(table) <= line_width() ? table
                                                        : rendered_downwards(columns, rows));
  std::string summary = fmt::format("\n{} row{}", rows.size(), rows.size() == 1 ? "" : "s");
  if (!left_out.empty()) summary += "; null in all: " + left_out;
  context.say(summary);
}

}  // namespace qm::cli
