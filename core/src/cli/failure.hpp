// How a command's failure is told: the exit code of each kind of error, and its message on standard
// error, as text or (with --output json) as one JSON object.
#pragma once

#include <exception>

#include "cli/context.hpp"

namespace qm::cli {

int exit_code_of(const std::exception& error);

void print_failure(Context::Output output, const std::exception& error, int exit_code);

}  // namespace qm::cli
