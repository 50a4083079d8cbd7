// The queries of all plugins in the process, at addresses and indexes that stay valid to its end:
// typed clients and prepared-statement tables hold on to both, and may outlive a Host. Not for
// finding a query by name: that is the Host's.
#pragma once

#include <quartermaster/query.hpp>

namespace qm::plugin {

// The registered copy of the query. The same query in every field gives the same copy, so that a
// process which makes hosts again and again does not grow the statement tables. Thread-safe.
const RegisteredQuery* register_query(RegisteredQuery query);

}  // namespace qm::plugin
