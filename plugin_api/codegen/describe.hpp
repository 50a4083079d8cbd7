// Asks a real PostgreSQL about queries: a database of its own on the server, with the migrations of
// a plugin and its dependencies applied, in which each statement is prepared and described. Never
// runs a query.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/lock.hpp"
#include "codegen/manifest.hpp"
#include "codegen/migrations.hpp"
#include "codegen/parameters.hpp"
#include "codegen/query_file.hpp"

namespace qm::codegen {

class DescribeDatabase {
 public:
  // Creates the database on the server of the connection string; the role must be allowed to.
  // Throws std::runtime_error with the server's reason.
  explicit DescribeDatabase(std::string url);
  ~DescribeDatabase();  // drops it
  DescribeDatabase(const DescribeDatabase&) = delete;
  DescribeDatabase& operator=(const DescribeDatabase&) = delete;

  // Applies migrations in the given order. Throws CodegenError at the place in the file where
  // PostgreSQL saw the fault.
  void migrate(const std::vector<MigrationFile>& migrations);

  // Throws CodegenError: what PostgreSQL refuses, a kind that does not fit the statement, a type
  // without a C++ counterpart, an annotation for a column that is not there.
  LockEntry describe(const SourceQuery& query, const Statement& statement);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace qm::codegen
