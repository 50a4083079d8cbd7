// See lexer.hpp.
#include "codegen/lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/diagnostic.hpp"

namespace qm::codegen {
namespace {

constexpr std::string_view operator_characters = "+-*/<>=~!@#%^&|`?";

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_operator(char c) noexcept {
  return operator_characters.find(c) != std::string_view::npos;
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Operators that may stand directly before @name although PostgreSQL's own lexer would take the @
// for their last character: no such longer operator is known. `<@name` and `@@name` stay the
// operators that they are.
bool can_precede_named(std::string_view run) noexcept {
  constexpr std::array<std::string_view, 21> operators{"=",  "<>",  "!=", ">",  "<=",  ">=", "||",
                                                       "+",  "-",   "*",  "/",  "%",   "~",  "~*",
                                                       "!~", "!~*", "~~", "->", "->>", "#>", "#>>"};
  return std::find(operators.begin(), operators.end(), run) != operators.end();
}

class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text()) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else {
        next();
      }
    }
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool starts_with(std::string_view prefix) const noexcept {
    return text_.substr(at_, prefix.size()) == prefix;
  }

  void next() {
    const char c = peek();
    const std::size_t begin = at_;
    if (starts_with("--")) {
      const std::size_t end = text_.find('\n', at_);
      add(TokenKind::line_comment, begin, end == text_.npos ? text_.size() : end);
    } else if (starts_with("/*")) {
      block_comment();
    } else if (c == '\'') {
      quoted(TokenKind::string, begin, begin, '\'', false, "a string");
    } else if (c == '"') {
      quoted(TokenKind::quoted_identifier, begin, begin, '"', false, "a quoted identifier");
    } else if (is_identifier_start(c)) {
      word();
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
    } else if (c == '$') {
      dollar();
    } else if (starts_with("::")) {
      add(TokenKind::cast, begin, begin + 2);
    } else if (is_operator(c)) {
      operation();
    } else {
      add(TokenKind::symbol, begin, begin + 1);
    }
  }

  void add(TokenKind kind, std::size_t begin, std::size_t end) {
    tokens_.push_back({kind, begin, end, text_.substr(begin, end - begin)});
    at_ = end;
  }

  [[noreturn]] void unterminated(std::size_t begin, const char* what, const char* end) const {
    throw CodegenError(at(source_, begin,
                          {.object = what,
                           .expected = std::string("an end with ") + end,
                           .found = "the end of the file"}));
  }

  void block_comment() {
    const std::size_t begin = at_;
    std::size_t i = at_ + 2;
    for (int depth = 1; depth > 0;) {
      const std::string_view two = text_.substr(std::min(i, text_.size()), 2);
      if (two.size() < 2) unterminated(begin, "a comment", "*/");
      if (two == "/*" || two == "*/") {
        depth += two == "/*" ? 1 : -1;
        i += 2;
      } else {
        ++i;
      }
    }
    add(TokenKind::block_comment, begin, i);
  }

  // `open` is where the quote stands, `begin` where the token starts (at a prefix such as E).
  void quoted(TokenKind kind, std::size_t begin, std::size_t open, char quote, bool backslashes,
              const char* what) {
    std::size_t i = open + 1;
    for (;;) {
      if (i >= text_.size()) unterminated(begin, what, quote == '"' ? "\"" : "'");
      if (backslashes && text_[i] == '\\') {
        i += 2;
      } else if (text_[i] != quote) {
        ++i;
      } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
        i += 2;
      } else if (const std::size_t next = kind == TokenKind::string ? continuation(i + 1) : 0) {
        i = next + 1;
      } else {
        break;
      }
    }
    add(kind, begin, i + 1);
  }

  // Strings with only white space and a line end between them are one, of the first one's kind:
  // where the quote of the next part stands, or 0.
  std::size_t continuation(std::size_t i) const {
    bool line_end = false;
    for (; i < text_.size() && is_space(text_[i]); ++i) {
      line_end = line_end || text_[i] == '\n';
    }
    return line_end && i < text_.size() && text_[i] == '\'' ? i : 0;
  }

  void word() {
    const std::size_t begin = at_;
    const char c = lower(peek());
    if (peek(1) == '\'' && (c == 'e' || c == 'b' || c == 'x' || c == 'n')) {
      return quoted(TokenKind::string, begin, begin + 1, '\'', c == 'e', "a string");
    }
    if (c == 'u' && peek(1) == '&' && peek(2) == '\'') {
      return quoted(TokenKind::string, begin, begin + 2, '\'', false, "a string");
    }
    if (c == 'u' && peek(1) == '&' && peek(2) == '"') {
      return quoted(TokenKind::quoted_identifier, begin, begin + 2, '"', false,
                    "a quoted identifier");
    }
    add(TokenKind::identifier, begin, word_end(begin));
  }

  std::size_t word_end(std::size_t i) const {
    while (i < text_.size() && is_identifier_part(text_[i]))
      ++i;
    return i;
  }

  void number() {
    const std::size_t begin = at_;
    std::size_t i = at_;
    const auto digits = [&] {
      while (i < text_.size() && is_digit(text_[i]))
        ++i;
    };
    digits();
    if (i < text_.size() && text_[i] == '.') {
      ++i;
      digits();
    }
    if (i < text_.size() && lower(text_[i]) == 'e') {
      std::size_t exponent = i + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (exponent < text_.size() && is_digit(text_[exponent])) {
        i = exponent;
        digits();
      }
    }
    add(TokenKind::number, begin, i);
  }

  void dollar() {
    const std::size_t begin = at_;
    if (is_digit(peek(1))) {
      std::size_t i = at_ + 1;
      while (i < text_.size() && is_digit(text_[i]))
        ++i;
      return add(TokenKind::positional, begin, i);
    }
    // $tag$: the tag is an identifier without dollar signs, or empty.
    std::size_t i = at_ + 1;
    if (i < text_.size() && is_identifier_start(text_[i])) {
      while (i < text_.size() && is_identifier_part(text_[i]) && text_[i] != '$')
        ++i;
    }
    if (i >= text_.size() || text_[i] != '$') return add(TokenKind::symbol, begin, begin + 1);
    const std::string_view tag = text_.substr(begin, i + 1 - begin);
    const std::size_t close = text_.find(tag, i + 1);
    if (close == text_.npos) {
      unterminated(begin, "a dollar-quoted string", std::string(tag).c_str());
    }
    add(TokenKind::string, begin, close + tag.size());
  }

  // A run of operator characters, ended by a comment inside it; a trailing + or - belongs to the
  // operand unless the run has a character that rules this out. For what tokens are used for here
  // the difference does not matter, so the run stays whole.
  void operation() {
    const std::size_t begin = at_;
    std::size_t i = at_;
    while (i < text_.size() && is_operator(text_[i])) {
      const std::string_view two = text_.substr(i, 2);
      if (i > begin && (two == "--" || two == "/*")) break;
      ++i;
    }
    const std::string_view run = text_.substr(begin, i - begin);
    if (run.back() == '@' && is_parameter_name(i)) {
      const std::string_view before = run.substr(0, run.size() - 1);
      if (before.empty()) return add(TokenKind::named, begin, name_end(i));
      if (can_precede_named(before)) {
        add(TokenKind::operation, begin, i - 1);
        return add(TokenKind::named, i - 1, name_end(i));
      }
    }
    add(TokenKind::operation, begin, i);
  }

  // @a.b and @f(x) are PostgreSQL's own @, the absolute value of a column and of a result.
  bool is_parameter_name(std::size_t i) const {
    if (i >= text_.size() || !is_identifier_start(text_[i])) return false;
    const std::size_t end = name_end(i);
    return end == text_.size() || (text_[end] != '.' && text_[end] != '(');
  }

  std::size_t name_end(std::size_t i) const {
    while (i < text_.size() && is_identifier_part(text_[i]) && text_[i] != '$')
      ++i;
    return i;
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

bool is_identifier_start(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_identifier_part(char c) noexcept {
  return is_identifier_start(c) || is_digit(c) || c == '$';
}

bool Token::is_word(std::string_view word) const noexcept {
  return kind == TokenKind::identifier && text.size() == word.size() &&
         std::equal(text.begin(), text.end(), word.begin(),
                    [](char a, char b) { return lower(a) == b; });
}

std::vector<Token> lex(const Source& source) {
  return Lexer(source).run();
}

std::vector<Token> without_comments(const std::vector<Token>& tokens) {
  std::vector<Token> kept;
  kept.reserve(tokens.size());
  std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(kept),
               [](const Token& token) { return !token.is_comment(); });
  return kept;
}

std::string fold(std::string_view word) {
  std::string folded(word);
  std::transform(folded.begin(), folded.end(), folded.begin(), lower);
  return folded;
}

std::string identifier_name(const Token& token) {
  if (token.kind == TokenKind::identifier) return fold(token.text);
  const char quote = token.kind == TokenKind::string ? '\'' : '"';
  std::string name;
  for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
    name += token.text[i];
    if (token.text[i] == quote) ++i;
  }
  return name;
}

}  // namespace qm::codegen
