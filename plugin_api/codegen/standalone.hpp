// `qmgen generate`: any schema files and any query files, with no plugin around them, to a header
// of typed queries and a lock file beside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codegen/describe.hpp"

namespace qm::codegen {

struct GenerateOptions {
  std::vector<std::filesystem::path> schema;   // files and directories
  std::vector<std::filesystem::path> queries;  // likewise
  std::string name_space;                      // "app", "app::db"
  std::filesystem::path out;                   // the directory of the header and the lock file
  std::filesystem::path names;                 // YAML with rename and overrides; empty: none
  std::string search_path;                     // empty: the server's
  std::string url;                             // empty: an embedded server
  std::filesystem::path bin_dir;
  bool check = false;       // write nothing: fail when the files are not what would be written
  bool keep_going = false;  // leave out queries with faults
};

// Asks a server only when the lock file does not fit. Throws CodegenError with every fault,
// std::runtime_error for the server. False when queries were left out; their faults are told on
// standard error.
bool generate(const GenerateOptions& options);

}  // namespace qm::codegen
