// PostgreSQL's lexical structure (manual, section 4.1), with sqlc's @name beside it: enough to find
// comments, parameters and keywords without ever looking inside a string. Not a parser: what the
// tokens mean together is PostgreSQL's to say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/source.hpp"

namespace qm::codegen {

enum class TokenKind {
  identifier,         // unquoted, keywords included
  quoted_identifier,  // "..." and U&"..."
  string,             // '...', E'...', B'...', X'...', N'...', U&'...', $tag$...$tag$
  number,
  positional,  // $1
  named,       // @name
  operation,   // a run of operator characters
  cast,        // ::
  symbol,      // one of ( ) [ ] , ; : .
  line_comment,
  block_comment,
};

struct Token {
  TokenKind kind = TokenKind::symbol;
  std::size_t begin = 0;  // bytes from the start of the text
  std::size_t end = 0;
  std::string_view text;

  bool is_comment() const noexcept {
    return kind == TokenKind::line_comment || kind == TokenKind::block_comment;
  }
  bool is_symbol(char c) const noexcept { return kind == TokenKind::symbol && text.front() == c; }
  // An unquoted word, in any case; `word` is lower case.
  bool is_word(std::string_view word) const noexcept;
};

// The tokens of the text, comments included, white space left out. They are views into the text.
// Throws CodegenError at the start of a string, quoted identifier or comment that never ends.
std::vector<Token> lex(const Source& source);

std::vector<Token> without_comments(const std::vector<Token>& tokens);

// ASCII lower case, as PostgreSQL folds unquoted words.
std::string fold(std::string_view word);

// The name a token stands for: folded, or what is between the quotes.
std::string identifier_name(const Token& token);

bool is_identifier_start(char c) noexcept;
bool is_identifier_part(char c) noexcept;

}  // namespace qm::codegen
