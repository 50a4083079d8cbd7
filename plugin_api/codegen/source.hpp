// A text file as the query compiler sees it: LF line ends, no byte order mark, and offsets that
// turn back into line and column. Not for taking the text apart (lexer.hpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace qm::codegen {

// 1-based; columns count characters, not bytes, as editors do.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  friend bool operator==(const Position&, const Position&) = default;
};

class Source {
 public:
  // `name` is what messages call the file. CRLF and lone CR become LF.
  Source(std::string name, std::string_view text);

  const std::string& name() const noexcept { return name_; }
  const std::string& text() const noexcept { return text_; }
  // Offsets beyond the end are taken as the end.
  Position position(std::size_t offset) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

// Throws CodegenError when the file cannot be read or is not UTF-8 text.
Source read_source(const std::filesystem::path& file);

std::string normalise_line_ends(std::string_view text);

// The byte offset of the n-th character (0-based) of UTF-8 text; its size when there are fewer.
std::size_t character_offset(std::string_view text, std::size_t characters);

// Writes the file unless it has this content already, so that what is built from it is not built
// again. Gives back whether it wrote. Throws CodegenError.
bool write_if_changed(const std::filesystem::path& file, std::string_view content);

}  // namespace qm::codegen
