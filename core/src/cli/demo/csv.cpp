#include "cli/demo/csv.hpp"

#include <fmt/format.h>

#include <quartermaster/error.hpp>

namespace qm::cli {
namespace {

// Line of the first byte that is not UTF-8 (RFC 3629) or is NUL; 0 when there is none.
std::size_t first_bad_line(std::string_view text) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead == 0) return line;
    if (lead == '\n') ++line;
    const std::size_t more = lead < 0x80                   ? 0
                             : lead >= 0xC2 && lead < 0xE0 ? 1
                             : lead >= 0xE0 && lead < 0xF0 ? 2
                             : lead >= 0xF0 && lead < 0xF5 ? 3
                                                           : 4;
    if (more == 4 || at + more >= text.size() + (more == 0 ? 1 : 0)) return line;
    for (std::size_t i = 1; i <= more; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0u) != 0x80u) return line;
    }
    at += more + 1;
  }
  return 0;
}

}  // namespace

CsvReader::CsvReader(std::string name, std::string_view text)
    : name_(std::move(name)), text_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) {
    text_.remove_prefix(byte_order_mark.size());
  }
  if (const std::size_t bad = first_bad_line(text_); bad != 0) {
    fail(bad, "UTF-8 text", "a byte that is not");
  }
  if (!read_record(header_)) fail(1, "a line with column names", "an empty file");
}

void CsvReader::fail(std::size_t line, std::string expected, std::string found) const {
  throw ConfigError({.object = fmt::format("{}:{}", name_, line),
                     .expected = std::move(expected),
                     .found = std::move(found),
                     .hint = "nothing of the file was imported"});
}

bool CsvReader::next(std::vector<std::string>& fields) {
  if (!read_record(fields)) return false;
  if (fields.size() != header_.size()) {
    fail(record_line_, fmt::format("{} fields", header_.size()), fmt::format("{}", fields.size()));
  }
  return true;
}

bool CsvReader::read_record(std::vector<std::string>& fields) {
  fields.clear();
  if (at_ >= text_.size()) return false;
  record_line_ = line_;
  while (true) {
    fields.push_back(read_field());
    if (at_ >= text_.size()) return true;
    const char end = text_[at_++];
    if (end == ',') continue;
    if (end == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
    return true;
  }
}

std::string CsvReader::read_field() {
  if (at_ < text_.size() && text_[at_] == '"') return read_quoted();
  const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
  const std::string_view field = text_.substr(at_, end - at_);
  if (field.find('"') != std::string_view::npos) {
    fail(line_, "a field with a quote in it to be quoted as a whole",
         fmt::format("a quote inside an unquoted field, column {}",
                     at_ + field.find('"') + 1 - text_.rfind('\n', at_) - 1));
  }
  at_ = end;
  return std::string(field);
}

std::string CsvReader::read_quoted() {
  const std::size_t opened = line_;
  std::string value;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c != '"') {
      if (c == '\n') ++line_;
      value += c;
      continue;
    }
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      value += '"';
      ++at_;
      continue;
    }
    ++at_;
    if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\r' && text_[at_] != '\n') {
      fail(line_, "a comma or the line's end after a closing quote",
           fmt::format("'{}'", text_[at_]));
    }
    return value;
  }
  fail(opened, "a closing quote", "the end of the file");
}

}  // namespace qm::cli
