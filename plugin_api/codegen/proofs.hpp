// What can be proved about a result from the outline of its statement and what the catalog says:
// which columns are never NULL, and whether there is exactly one row. Sound rather than complete:
// what is not proved counts as nullable, and as perhaps no row.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "codegen/outline.hpp"

namespace qm::codegen {

// The names of functions, as far as the proofs need them.
struct FunctionFacts {
  std::set<std::string> aggregates;     // every function of the name is an aggregate
  std::set<std::string> set_returning;  // some function of the name returns a set
  bool count_is_builtin = true;         // no count() outside pg_catalog
};

// Whether a column that comes straight from a table column declared NOT NULL stays so on its way
// to the result: no outer join, set operation or grouping set may put a NULL in its place.
bool keeps_not_null(const Outline& outline);

// For each of `columns` result columns: whether its expression by itself is never NULL, such as
// count(*), exists (...), coalesce(x, 0).
std::vector<bool> never_null_expressions(const Outline& outline, std::size_t columns,
                                         const FunctionFacts& functions);

// Of an INSERT too, although a trigger may drop its row: the typed client then says so at run time.
bool gives_exactly_one_row(const Outline& outline, const FunctionFacts& functions);

}  // namespace qm::codegen
