// What the exit status of the CLI means; printed by `quartermaster --help`.
#pragma once

namespace qm::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,       // the operation failed or found something wrong
  exit_usage = 2,        // the command line is wrong
  exit_config = 3,       // the configuration, a file or a plugin is wrong
  exit_unreachable = 4,  // the database cannot be reached
  exit_saturated = 5,    // the pool has no connection to spare
  exit_interrupted = 130,
};

}  // namespace qm::cli
