// The rows of a query whose columns are known at run time only, as the CLI prints them.
#pragma once

#include <quartermaster/result.hpp>

#include "cli/context.hpp"

namespace qm::cli {

// A table while it fits; columns that are null in every row are left out and named below. What is
// still too wide is printed row by row, downwards. With --output json: everything, always.
void print_rows(const Context& context, const Result& result);

}  // namespace qm::cli
