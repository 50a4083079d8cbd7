// The pool's metrics as a table: counters and gauges with their value, durations with how many,
// mean and estimated percentiles.
#pragma once

#include <string_view>
#include <vector>

#include "cli/node.hpp"
#include "cli/table.hpp"

namespace qm::cli {

// For people, durations with their unit; for programs, in seconds.
enum class Durations { readable, seconds };

// From the text of /metrics; metrics other than db_pool_* are passed over.
Node::Array pool_rows(std::string_view exposition, Durations durations);

// `with_pool`: a column that names the pool, for several of them.
std::vector<Column> pool_columns(bool with_pool);

}  // namespace qm::cli
