// One query that Ctrl-C ends on the server as well, not only in front of the terminal.
#pragma once

#include <quartermaster/pool.hpp>
#include <string>

namespace qm::cli {

// As pool.execute(); SIGINT or SIGTERM cancel it: CallCancelled.
Result execute_interruptibly(Pool& pool, const RegisteredQuery& query, const ParamView& params);
Result execute_interruptibly(Pool& pool, const std::string& sql, const ParamView& params);

}  // namespace qm::cli
