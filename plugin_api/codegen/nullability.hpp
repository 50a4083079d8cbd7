// Which result columns of a statement can be NULL, from PostgreSQL's analysed tree of it
// (node_tree.hpp). Sound rather than complete: a node that is not known here may be NULL.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codegen/node_tree.hpp"

namespace qm::codegen {

// When a function gives a value, not NULL.
enum class Gives {
  unknown,
  value_for_values,     // when no argument is NULL, and NULL for a NULL
  value_for_any_value,  // when one argument is not NULL: array_cat()
  value_for_first,      // when its first argument is not NULL: format()
  value,                // even for NULL: concat(), but of a VARIADIC array that is NULL
};

// What the tree refers to by OID. Called as often as a column is looked at: keep the answers.
struct CatalogFacts {
  // The columns of a table by attribute number less one: whether every row has a value there.
  std::function<std::vector<bool>(unsigned relation)> never_null_columns;
  // The tree of a view's query; empty for anything else.
  std::function<std::string(unsigned relation)> view_query;
  std::function<Gives(unsigned function)> gives;
  // What an aggregate gives for at least one row of values, and for none: "count", "sum", ...; ""
  // for one that is not PostgreSQL's own.
  std::function<std::string(unsigned function)> builtin_name;
  // Parameters by number less one: whether the caller may give NULL.
  std::vector<bool> nullable_parameters;
};

struct ColumnNullability {
  // From what the columns are made of.
  bool nullable = true;
  // The same, and what WHERE and JOIN conditions let through.
  bool nullable_where = true;
};

// `query` is a QUERY node: its result columns, of RETURNING for a data change.
std::vector<ColumnNullability> column_nullability(const Node& query, const CatalogFacts& catalog);

}  // namespace qm::codegen
