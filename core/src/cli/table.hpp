// Aligned text tables for a terminal: numbers to the right, wide texts cut to fit, widths in
// terminal columns rather than bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/node.hpp"

namespace qm::cli {

struct Column {
  std::string key{};    // of the row object, and the JSON name
  std::string title{};  // empty: the key
  std::size_t max_width = 60;
};

// Rows are objects. A title line, a rule, the rows; "(none)" when there are no rows. Each line ends
// with a line feed and has `indent` blanks in front.
std::string render_table(const std::vector<Column>& columns, const Node::Array& rows,
                         std::size_t indent = 0);

// "key   value" lines for one object.
std::string render_record(const Node::Object& record, std::size_t indent = 0);

// Columns a terminal needs for UTF-8 text: combining marks 0, wide characters (East Asian, emoji)
// 2; bytes that are not UTF-8 count 1 each.
std::size_t display_width(std::string_view text);

// Cut to `width` columns with an ellipsis; line feeds and other control characters become blanks.
std::string fit(std::string_view text, std::size_t width);

}  // namespace qm::cli
