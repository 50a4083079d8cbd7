#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace qm::cli {
namespace {

struct Glyph {
  std::size_t bytes = 1;
  std::size_t width = 1;
};

struct CodePointRange {
  char32_t first;
  char32_t last;
};

// The blocks that matter in practice (Unicode Standard Annex #11 and category Mn); exactness for
// every script is a terminal's own business.
constexpr std::array<CodePointRange, 5> zero_width{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};
constexpr std::array<CodePointRange, 8> double_width{{{0x1100, 0x115F},
                                                      {0x2E80, 0x303E},
                                                      {0x3041, 0xA4CF},
                                                      {0xAC00, 0xD7A3},
                                                      {0xF900, 0xFAFF},
                                                      {0xFE30, 0xFE6F},
                                                      {0xFF00, 0xFF60},
                                                      {0x1F300, 0x3FFFD}}};

template <std::size_t N>
bool within(const std::array<CodePointRange, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](CodePointRange range) { return c >= range.first && c <= range.last; });
}

Glyph glyph_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
  const std::uint8_t lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length <= 1 || at + length > text.size()) return {};
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    code = (code << 6u) | (byte(i) & 0x3Fu);
  }
  if (within(zero_width, code)) return {length, 0};
  return {length, within(double_width, code) ? 2u : 1u};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::string pad(const std::string& text, std::size_t width, bool right) {
  const std::size_t have = display_width(text);
  const std::string blanks(width > have ? width - have : 0, ' ');
  return right ? blanks + text : text + blanks;
}

void trim_right(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Glyph glyph = glyph_at(text, at);
    at += glyph.bytes;
    width += glyph.width;
  }
  return width;
}

std::string fit(std::string_view text, std::size_t width) {
  const bool cut = display_width(text) > width;
  const std::size_t room = cut && width > 0 ? width - 1 : width;
  std::string out;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Glyph glyph = glyph_at(text, at);
    if (used + glyph.width > room) break;
    if (glyph.bytes == 1 && is_control(text[at])) {
      out += ' ';
    } else {
      out += text.substr(at, glyph.bytes);
    }
    at += glyph.bytes;
    used += glyph.width;
  }
  return cut ? out + "…" : out;
}

std::string render_table(const std::vector<Column>& columns, const Node::Array& rows,
                         std::size_t indent) {
  const std::string margin(indent, ' ');
  std::vector<std::vector<std::string>> lines;
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  std::vector<std::string> titles;
  for (const Column& column : columns) {
    titles.push_back(column.title.empty() ? column.key : column.title);
    widths.push_back(display_width(titles.back()));
    right.push_back(std::any_of(rows.begin(), rows.end(), [&](const Node& row) {
      const Node* cell = row.find(column.key);
      return cell != nullptr && cell->is_number();
    }));
  }
  for (const Node& row : rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Node* cell = row.find(columns[i].key);
      line.push_back(fit(cell == nullptr ? "" : cell->text(), columns[i].max_width));
      widths[i] = std::max(widths[i], display_width(line.back()));
    }
  }
  std::string out;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line = margin;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i == 0 ? "" : "  ") + pad(cells[i], widths[i], right[i]);
    }
    trim_right(line);
    out += line + "\n";
  };
  add_line(titles);
  std::vector<std::string> rule;
  for (const std::size_t width : widths) {
    std::string dashes;
    for (std::size_t i = 0; i < width; ++i)
      dashes += "─";
    rule.push_back(std::move(dashes));
  }
  add_line(rule);
  for (const auto& line : lines)
    add_line(line);
  if (rows.empty()) out += margin + "(none)\n";
  return out;
}

std::string render_record(const Node::Object& record, std::size_t indent) {
  std::size_t width = 0;
  for (const auto& [key, value] : record)
    width = std::max(width, display_width(key));
  std::string out;
  for (const auto& [key, value] : record) {
    std::string line = std::string(indent, ' ') + pad(key, width, false) + "  " +
                       fit(value.text(), std::string::npos);
    trim_right(line);
    out += line + "\n";
  }
  return out;
}

}  // namespace qm::cli
