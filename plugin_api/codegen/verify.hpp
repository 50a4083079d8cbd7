// `qmgen verify`: whether the queries of a release still work on a later schema, and which
// migration breaks one first. The lock file is the release's word on what each query gives.
#pragma once

#include <string>
#include <vector>

#include "codegen/describe.hpp"
#include "codegen/plugin.hpp"

namespace qm::codegen {

struct Breakage {
  std::string query;
  MigrationFile migration;  // the first that breaks it; without an up file: the release's schema
  Diagnostic diagnostic;    // at the query
};

// Applies the migrations of `later` one after the other, those that the release has first, and
// describes the queries after each. Throws CodegenError for a migration that fails.
std::vector<Breakage> find_breakages(const Plugin& release, const Lock& lock, const Plugin& later,
                                     DescribeDatabase& database);

}  // namespace qm::codegen
