// Where a statement's parameters go, as PostgreSQL's analysed tree (node_tree.hpp) has it: which
// column one is compared with or written to. What a bare $1 is called, and what COPY can take over
// from an INSERT.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codegen/node_tree.hpp"

namespace qm::codegen {

struct ParameterUse {
  std::string name;  // of the column, or "limit" and "offset"
  // Written to a column of the statement's target as it is: its place there, from 1; else 0.
  int target_attribute = 0;
};

// By number of the parameter; those whose use says nothing are not there. The first use decides.
std::map<long, ParameterUse> parameter_uses(const Node& query);

// OID of the table that an INSERT, UPDATE, DELETE or MERGE writes to; 0: none.
unsigned target_table(const Node& query);

// The names of the columns that parameters 1 to `count` are written to by an INSERT of one row of
// nothing but its parameters, each of them once; none when it is anything else.
std::optional<std::vector<std::string>> copied_columns(const Node& query, std::size_t count);

}  // namespace qm::codegen
