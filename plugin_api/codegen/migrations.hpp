// A plugin's migration files, NNNNNN_slug.up.sql and NNNNNN_slug.down.sql, as they go into its
// tables and into the database that queries are described against.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "codegen/manifest.hpp"
#include "codegen/source.hpp"

namespace qm::codegen {

struct MigrationFile {
  std::uint32_t version = 0;
  std::string slug;
  std::shared_ptr<const Source> up;
  std::shared_ptr<const Source> down;  // null: no way back
  // "-- quartermaster: no-transaction" among the comments at the top of the up file.
  bool transactional = true;
};

// Ascending by version; none when the directory is not there. Throws CodegenError with every
// fault: a name that is no migration's, two of one version, a version outside the ranges, a down
// file alone.
std::vector<MigrationFile> read_migrations(const Manifest& manifest);

// One hash over the versions and up texts: what a lock file was described against.
std::string schema_hash(const std::vector<MigrationFile>& migrations);

}  // namespace qm::codegen
