// Reads comma-separated values (RFC 4180: quotes, doubled quotes, line breaks inside quotes; LF or
// CRLF). Strict: a broken line is an error with its number, not a guess.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qm::cli {

class CsvReader {
 public:
  // `name` is the file's name in messages; `text` must outlive the reader. A byte order mark is
  // skipped. Throws ConfigError when the text is empty, not UTF-8, or holds NUL bytes.
  CsvReader(std::string name, std::string_view text);

  // Column names, from the first record.
  const std::vector<std::string>& header() const { return header_; }

  // The next record into `fields`; false at the end. Throws ConfigError naming file:line when the
  // number of fields is not the header's, a quote stands in the wrong place or is not closed.
  bool next(std::vector<std::string>& fields);

  // Line of the record that next() gave last, 1-based.
  std::size_t line() const { return record_line_; }

 private:
  bool read_record(std::vector<std::string>& fields);
  std::string read_field();
  std::string read_quoted();
  [[noreturn]] void fail(std::size_t line, std::string expected, std::string found) const;

  std::string name_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t record_line_ = 1;
  std::vector<std::string> header_;
};

}  // namespace qm::cli
