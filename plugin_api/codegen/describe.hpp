// Asks a real PostgreSQL about queries: a database of its own on the server, with the migrations of
// a plugin and its dependencies applied, in which each statement is prepared and described. Never
// runs a query.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/diagnostic.hpp"
#include "codegen/lock.hpp"
#include "codegen/manifest.hpp"
#include "codegen/migrations.hpp"
#include "codegen/parameters.hpp"
#include "codegen/query_file.hpp"
#include "codegen/schema_files.hpp"

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

  // Runs schema files statement by statement. Where the server was started for this alone, roles
  // that they mention are made. Gives back what was left out and why: databases, and extensions
  // that are not installed. Throws as migrate() does.
  std::vector<Diagnostic> run(const std::vector<SchemaFile>& files, bool own_server);

  // Where queries look for names without a schema: "app, public".
  void set_search_path(const std::string& schemas);

  // Throws CodegenError: what PostgreSQL refuses, a kind that does not fit the statement, an
  // annotation for a column that is not there.
  LockEntry describe(const SourceQuery& query, const Statement& statement);

  // What the queries described so far use of the types of the schema.
  std::vector<TypeEntry> types() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace qm::codegen
