// Splits the text of a migration file into its statements, so that progress, locks and resumption
// work statement by statement. A lexer only: it knows what a semicolon can hide in (strings,
// quoted identifiers, dollar quotes, comments, BEGIN ATOMIC bodies), not SQL's grammar.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace qm::migrate {

struct Statement {
  std::string_view sql;  // without the semicolon and surrounding blanks and comments in front
  std::size_t line = 1;  // 1-based line of its first character in the file
};

// Views into `script`. Text after the last semicolon counts as a statement when it is more than
// blanks and comments. Unterminated quotes run to the end: the server reports them.
std::vector<Statement> split_statements(std::string_view script);

// Whether a comment before the first statement says "quartermaster: no-transaction".
bool says_no_transaction(std::string_view script);

// What such a comment says after "quartermaster: formerly", blanks cut away: the number that this
// version had in the single sequence of before. Nothing: there is no such comment.
std::optional<std::string_view> formerly(std::string_view script);

}  // namespace qm::migrate
