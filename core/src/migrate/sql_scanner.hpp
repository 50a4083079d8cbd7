// The tokens of SQL text, by the rules of PostgreSQL's "Lexical Structure" chapter with
// standard_conforming_strings on: enough to know what a semicolon can hide in and which words stand
// outside of strings, not SQL's grammar.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace qm::migrate {

struct SqlToken {
  enum class Kind : unsigned char {
    word,         // unquoted: keywords and names
    quoted_name,  // "..."
    string,       // '...', E'...', $tag$...$tag$
    number,
    symbol,   // one character
    comment,  // -- to the end of its line, or /* */, which nest
  };
  Kind kind = Kind::symbol;
  std::string_view text{};
  std::size_t offset = 0;  // of its first byte

  bool is_symbol(char c) const noexcept { return kind == Kind::symbol && text.front() == c; }
  // An unquoted word in any case; `lower` is lower case.
  bool is_word(std::string_view lower) const noexcept;
};

class SqlScanner {
 public:
  // The text must outlive the tokens. Unterminated quotes and comments run to its end.
  explicit SqlScanner(std::string_view text) noexcept : text_(text) {}
  // None at the end.
  std::optional<SqlToken> next();

 private:
  SqlToken::Kind skip();
  char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_block_comment();
  void skip_string(bool backslash_escapes);
  bool skip_dollar_quote();

  std::string_view text_;
  std::size_t at_ = 0;
};

bool equals_ignoring_case(std::string_view word, std::string_view lower) noexcept;

}  // namespace qm::migrate
