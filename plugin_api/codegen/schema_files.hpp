// Schema files that stand alone, with no plugin around them: plain SQL, dumps by pg_dump, and the
// files of the usual migration tools, of which only the way up is run. What a plugin's own
// migrations are, migrations.hpp says.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/source.hpp"

namespace qm::codegen {

// One statement of a schema file.
struct SchemaStatement {
  std::size_t begin = 0;  // bytes into the file
  std::string_view sql;
};

struct SchemaFile {
  std::shared_ptr<const Source> source;
  // What is run: the source, where everything else is blank (the way down, psql's commands, the
  // data of COPY). Offsets are the source's.
  std::string script;
  // Semicolons inside parentheses and SQL-standard function bodies end nothing.
  std::vector<SchemaStatement> statements() const;
};

// The files of the paths, in their order; of a directory its *.sql files but for *.down.sql:
// numbered ones first, by number ("9_a", "10_b", "V2__c"), others by name. Throws CodegenError: a
// path that is not there or cannot be read, a directory without any.
std::vector<SchemaFile> read_schema_files(const std::vector<std::filesystem::path>& paths);

// Query files likewise.
std::vector<std::filesystem::path> list_sql_files(const std::filesystem::path& path);

// One hash over the names and texts.
std::string schema_hash(const std::vector<SchemaFile>& files);

}  // namespace qm::codegen
