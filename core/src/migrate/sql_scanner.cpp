// See sql_scanner.hpp.
#include "migrate/sql_scanner.hpp"

#include <algorithm>
#include <cctype>

namespace qm::migrate {
namespace {

using Kind = SqlToken::Kind;

bool is_blank(char c) noexcept {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) noexcept {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool is_word_start(char c) noexcept {
  const auto u = static_cast<unsigned char>(c);
  return std::isalpha(u) != 0 || c == '_' || u >= 0x80;
}

bool is_word(char c) noexcept {
  return is_word_start(c) || is_digit(c) || c == '$';
}

}  // namespace

bool equals_ignoring_case(std::string_view word, std::string_view lower) noexcept {
  return std::equal(word.begin(), word.end(), lower.begin(), lower.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

bool SqlToken::is_word(std::string_view lower) const noexcept {
  return kind == Kind::word && equals_ignoring_case(text, lower);
}

std::optional<SqlToken> SqlScanner::next() {
  while (at_ < text_.size() && is_blank(text_[at_]))
    ++at_;
  if (at_ == text_.size()) return std::nullopt;
  const std::size_t begin = at_;
  const Kind kind = skip();
  return SqlToken{kind, text_.substr(begin, at_ - begin), begin};
}

Kind SqlScanner::skip() {
  const char c = peek();
  if (c == '-' && peek(1) == '-') {
    at_ = std::min(text_.find('\n', at_), text_.size());
    return Kind::comment;
  }
  if (c == '/' && peek(1) == '*') {
    skip_block_comment();
    return Kind::comment;
  }
  if (c == '\'') {
    skip_string(false);
    return Kind::string;
  }
  if (c == '"') {
    const std::size_t end = text_.find('"', at_ + 1);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    return Kind::quoted_name;
  }
  if (c == '$' && skip_dollar_quote()) return Kind::string;
  if (is_word_start(c)) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_]))
      ++at_;
    if (peek() != '\'' || !equals_ignoring_case(text_.substr(begin, at_ - begin), "e")) {
      return Kind::word;
    }
    skip_string(true);
    return Kind::string;
  }
  ++at_;
  if (!is_digit(c)) return Kind::symbol;
  while (is_digit(peek()) || peek() == '.' || peek() == '_')
    ++at_;
  return Kind::number;
}

void SqlScanner::skip_block_comment() {
  int depth = 0;
  while (at_ < text_.size()) {
    if (peek() == '/' && peek(1) == '*') {
      ++depth;
      at_ += 2;
    } else if (peek() == '*' && peek(1) == '/') {
      at_ += 2;
      if (--depth == 0) return;
    } else {
      ++at_;
    }
  }
}

void SqlScanner::skip_string(bool backslash_escapes) {
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (backslash_escapes && c == '\\') {
      at_ = std::min(at_ + 2, text_.size());
    } else if (c == '\'') {
      ++at_;
      if (peek() != '\'') return;  // a doubled quote stays inside
      ++at_;
    } else {
      ++at_;
    }
  }
}

// $tag$ ... $tag$; false when the dollar does not open one ($1).
bool SqlScanner::skip_dollar_quote() {
  std::size_t end = at_ + 1;
  if (end < text_.size() && is_word_start(text_[end])) {
    while (end < text_.size() && is_word(text_[end]) && text_[end] != '$')
      ++end;
  }
  if (end >= text_.size() || text_[end] != '$') return false;
  const std::string_view tag = text_.substr(at_, end + 1 - at_);
  const std::size_t close = text_.find(tag, end + 1);
  at_ = close == std::string_view::npos ? text_.size() : close + tag.size();
  return true;
}

}  // namespace qm::migrate
