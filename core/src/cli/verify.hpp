// Compares what the plugins declare of their queries with what a database says of them: each is
// prepared and described there, none is executed.
#pragma once

#include <quartermaster/connection.hpp>
#include <quartermaster/query.hpp>
#include <span>
#include <string>
#include <vector>

namespace qm::cli {

// What the query does for one row: its SQL, or the INSERT that a COPY stands for.
std::string single_statement(const RegisteredQuery& query);

// One thing in which a query and the database differ.
struct Mismatch {
  std::string query;
  std::string what;  // "parameter id", "column 3", "statement"
  std::string expected;
  std::string found;
};

// Empty: all of them fit. The connection must not be in a transaction: an error would end it.
std::vector<Mismatch> verify_queries(Connection& connection,
                                     std::span<const RegisteredQuery* const> queries);

}  // namespace qm::cli
