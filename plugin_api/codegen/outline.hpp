// The outline of one statement, read off its tokens: what kind it is, its select list or RETURNING
// list item by item, and which of the clauses are there that decide about rows and NULLs. Not a
// parser: it relies on PostgreSQL having accepted the statement, and whatever it does not
// recognise makes the proofs that use it (proofs.hpp) give up, never succeed.
#pragma once

#include <cstddef>
#include <vector>

#include "codegen/lexer.hpp"

namespace qm::codegen {

enum class Verb { select, table, insert, update, remove, other };
enum class OnConflict { none, nothing, update, update_where };

struct Outline {
  Verb verb = Verb::other;
  std::vector<std::vector<Token>> items;  // of the select list, or of RETURNING

  // In WITH, FROM and USING, subqueries there included: not those in WHERE or the select list.
  bool outer_join = false;
  bool nested_set_operation = false;
  // RETURNING asks for the row before or after the change (old.x, PostgreSQL 18): one of the two
  // is all NULL for INSERT and DELETE.
  bool old_or_new = false;
  // Of the statement itself.
  bool set_operation = false;
  bool grouping_sets = false;  // anywhere
  bool from = false;
  bool where = false;
  bool group_by = false;
  bool having = false;
  bool limit = false;  // LIMIT, OFFSET or FETCH
  // INSERT.
  bool one_row_of_values = false;
  std::vector<Token> values;  // that row, with its parentheses
  OnConflict on_conflict = OnConflict::none;
};

// `tokens` without comments.
Outline outline(const std::vector<Token>& tokens);

// The tokens between separators at depth 0 of [begin, end).
std::vector<std::vector<Token>> split_at_commas(const std::vector<Token>& tokens);

// The index of the bracket that closes the one at `open`; tokens.size() when there is none.
std::size_t closing(const std::vector<Token>& tokens, std::size_t open);

// Whether the statement can only read: no data change, no row lock, anywhere in it.
bool reads_only(const std::vector<Token>& tokens);

}  // namespace qm::codegen
