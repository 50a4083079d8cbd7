// The lexical rules are those of PostgreSQL's "Lexical Structure" chapter, with
// standard_conforming_strings on.
#include "migrate/statements.hpp"

#include <algorithm>
#include <cctype>

namespace qm::migrate {
namespace {

bool is_word_start(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalpha(u) != 0 || c == '_' || u >= 0x80;
}

bool is_word(char c) {
  return is_word_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}

bool equals_ignoring_case(std::string_view word, std::string_view lower) {
  return std::equal(word.begin(), word.end(), lower.begin(), lower.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

class Splitter {
 public:
  explicit Splitter(std::string_view script) : text_(script) {}

  std::vector<Statement> run() {
    while (at_ < text_.size())
      step();
    finish(text_.size());
    return std::move(statements_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = peek();
    if (c == '-' && peek(1) == '-') return skip_line_comment();
    if (c == '/' && peek(1) == '*') return skip_block_comment();
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
      return;
    }
    if (c == ';' && atomic_depth_ == 0) {
      finish(at_);
      ++at_;
      start_ = npos;
      return;
    }
    if (start_ == npos) start_ = at_;
    if (c == '\'') return skip_string(false);
    if (c == '"') return skip_quoted('"');
    if (c == '$' && skip_dollar_quote()) return;
    if (is_word_start(c)) return word();
    ++at_;
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_]))
      ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (peek() == '\'' && equals_ignoring_case(word, "e")) return skip_string(true);
    track_atomic_body(word);
  }

  // CREATE FUNCTION ... BEGIN ATOMIC s1; s2; END: the semicolons inside belong to the body. CASE
  // has an END of its own.
  void track_atomic_body(std::string_view word) {
    if (equals_ignoring_case(word, "atomic") && previous_was_begin_) {
      ++atomic_depth_;
    } else if (atomic_depth_ > 0 && equals_ignoring_case(word, "case")) {
      ++atomic_depth_;
    } else if (atomic_depth_ > 0 && equals_ignoring_case(word, "end")) {
      --atomic_depth_;
    }
    previous_was_begin_ = equals_ignoring_case(word, "begin");
  }

  void skip_line_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  void skip_block_comment() {
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

  void skip_string(bool backslash_escapes) {
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

  void skip_quoted(char quote) {
    const std::size_t end = text_.find(quote, at_ + 1);
    at_ = end == npos ? text_.size() : end + 1;
  }

  // $tag$ ... $tag$; false when the dollar does not open one ($1).
  bool skip_dollar_quote() {
    std::size_t end = at_ + 1;
    if (end < text_.size() && is_word_start(text_[end])) {
      while (end < text_.size() && is_word(text_[end]) && text_[end] != '$')
        ++end;
    }
    if (end >= text_.size() || text_[end] != '$') return false;
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    const std::size_t close = text_.find(tag, end + 1);
    at_ = close == npos ? text_.size() : close + tag.size();
    return true;
  }

  void finish(std::size_t end) {
    if (start_ == npos) return;
    while (end > start_ && std::isspace(static_cast<unsigned char>(text_[end - 1])) != 0)
      --end;
    line_ += static_cast<std::size_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                   text_.begin() + static_cast<std::ptrdiff_t>(start_), '\n'));
    counted_ = start_;
    statements_.push_back({text_.substr(start_, end - start_), line_});
  }

  static constexpr std::size_t npos = std::string_view::npos;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = npos;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
  int atomic_depth_ = 0;
  bool previous_was_begin_ = false;
  std::vector<Statement> statements_;
};

}  // namespace

std::vector<Statement> split_statements(std::string_view script) {
  return Splitter(script).run();
}

}  // namespace qm::migrate
