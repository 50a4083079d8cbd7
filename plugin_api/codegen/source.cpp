// See source.hpp.
#include "codegen/source.hpp"

#include <algorithm>
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

std::string slurp(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const int error = errno;
  if (!stream || std::filesystem::is_directory(file)) {
    throw CodegenError(Diagnostic{
        .file = file.string(),
        .report = {.object = "", .expected = "a readable file", .found = reason(error)}});
  }
  return {std::istreambuf_iterator<char>(stream), {}};
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
