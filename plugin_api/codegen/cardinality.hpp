// What PostgreSQL's analysed tree of a statement (node_tree.hpp) says about its rows and effects.
#pragma once

#include <functional>

#include "codegen/node_tree.hpp"

namespace qm::codegen {

// Exactly one row whatever the tables hold: an aggregate over all rows, a select without FROM, an
// INSERT of one row of values that no conflict keeps away. Of an INSERT too, although a trigger may
// drop its row: the typed client then says so at run time.
bool gives_exactly_one_row(const Node& query);

// Gives rows, be they without a column.
bool is_select(const Node& query);

// No change of data and no row lock, anywhere in it. `writes` tells of a function by OID whether
// that is what it is for (nextval() and its like); any other may still write unseen.
bool reads_only(const Node& query, const std::function<bool(unsigned function)>& writes);

}  // namespace qm::codegen
