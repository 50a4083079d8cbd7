// See source.hpp.
#include "codegen/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "codegen/diagnostic.hpp"

namespace qm::codegen {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string reason(int error) {
  return std::error_code(error, std::generic_category()).message();
}

constexpr std::size_t largest_source = 64UL * 1024 * 1024;  // dumps of a schema included

std::string slurp(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  int error = stream ? 0 : errno;
  std::error_code ignored;
  // Opening a directory succeeds, only reading it would not.
  if (std::filesystem::is_directory(file, ignored)) error = EISDIR;
  if (!stream || error != 0) {
    throw CodegenError(Diagnostic{
        .file = file.string(), .report = {.expected = "a readable file", .found = reason(error)}});
  }
  std::string text;
  for (std::array<char, 65536> part; stream.read(part.data(), part.size()), stream.gcount() > 0;) {
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > largest_source) {
      throw CodegenError(Diagnostic{
          .file = file.string(),
          .report = {.expected = fmt::format("at most {} MiB", largest_source / 1024 / 1024),
                     .found = "more"}});
    }
  }
  return text;
}

// The bytes of the UTF-8 character at the front of the text; 0 when there is none (RFC 3629: no
// overlong forms, no surrogates, nothing beyond U+10FFFF).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xC2   ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const unsigned char second = byte(1);
  const bool out_of_range = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                            (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return out_of_range ? 0 : size;
}

// Where the text stops being UTF-8; its size when it does not.
std::size_t invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = character_size(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return at;
}

}  // namespace

Source::Source(std::string name, std::string_view text) : name_(std::move(name)) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) {
    text.remove_prefix(byte_order_mark.size());
  }
  text_ = normalise_line_ends(text);
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

Position Source::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  const std::size_t start = line_starts_[line - 1];
  const std::string_view before = std::string_view(text_).substr(start, offset - start);
  const auto continued = std::count_if(before.begin(), before.end(), is_continuation);
  return {line, before.size() - static_cast<std::size_t>(continued) + 1};
}

Source read_source(const std::filesystem::path& file) {
  Source source(file.string(), slurp(file));
  const std::size_t nul = source.text().find('\0');
  if (nul != std::string::npos) {
    throw CodegenError(at(source, nul, {.expected = "UTF-8 text", .found = "a NUL byte"}));
  }
  const std::size_t invalid = invalid_utf8(source.text());
  if (invalid != source.text().size()) {
    const auto byte = static_cast<unsigned char>(source.text()[invalid]);
    throw CodegenError(at(source, invalid,
                          {.expected = "UTF-8 text", .found = fmt::format("byte {:#04x}", byte)}));
  }
  return source;
}

std::string normalise_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
      continue;
    }
    out += '\n';
    if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
  }
  return out;
}

std::size_t character_offset(std::string_view text, std::size_t characters) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    if (!is_continuation(text[offset]) && characters-- == 0) return offset;
    ++offset;
  }
  return text.size();
}

bool write_if_changed(const std::filesystem::path& file, std::string_view content) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(file, ignored) && slurp(file) == content) return false;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  if (!stream) {
    throw CodegenError(
        Diagnostic{.file = file.string(),
                   .report = {.expected = "a file that can be written", .found = reason(errno)}});
  }
  return true;
}

}  // namespace qm::codegen
