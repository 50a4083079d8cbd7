// The lock file: what PostgreSQL said about each query, written down for review, so that a build
// needs no database. One entry a query, in the plugin's order; an entry is current as long as its
// hash fits the query's text, and the whole as long as the migrations it was described against do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <quartermaster/types.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/parameters.hpp"
#include "codegen/query_file.hpp"

namespace qm::codegen {

// A parameter or a result column as PostgreSQL described it.
struct TypedName {
  std::string name;
  std::string type;  // as format_type() prints it, schema-qualified where the OID is not fixed
  Oid oid = 0;       // 0: not fixed by PostgreSQL
  bool nullable = false;
  // Column: "public.movies.title", where it comes from; empty: an expression. Parameter: the column
  // that it is written to.
  std::string table;
  // Column: the member of the row that has it, for sqlc.embed(member). `nullable` then is that of
  // the table's column; optional_embed says that the whole row may be missing.
  std::string embed{};
  bool optional_embed = false;

  friend bool operator==(const TypedName&, const TypedName&) = default;
};

// A column as it comes from the server: of a row that may be missing, each may be NULL.
inline bool may_be_null(const TypedName& value) noexcept {
  return value.nullable || value.optional_embed;
}

struct LockEntry {
  std::string name;
  std::string kind;  // as in the source, where "one" is exactly one row, and "opt" may be none
  std::string sql;   // query_hash()
  std::string row;   // "public.movies" when the result is a whole row of that table
  std::vector<TypedName> parameters;
  std::vector<TypedName> columns;
  std::string copy{};         // of :copyfrom: the COPY statement that takes the INSERT's place
  std::vector<Star> stars{};  // of the statement with its parameters rewritten
  bool reads_only = false;    // proven: no writes, no locks, no function that might

  friend bool operator==(const LockEntry&, const LockEntry&) = default;
};

// A type of the schema or of an extension: its OID differs from database to database.
struct TypeEntry {
  enum class Form {
    enumeration,
    domain,  // over `base`
    array,   // of `base`
    text,    // a string type, whose binary form is its text
    composite,
    opaque,  // anything else
  };
  std::string name;  // qualified
  Form form = Form::opaque;
  std::vector<std::string> labels{};  // enumeration: in its order
  std::string base{};
  Oid base_oid = 0;                     // 0: not fixed by PostgreSQL
  std::vector<TypedName> attributes{};  // composite: each may be NULL

  friend bool operator==(const TypeEntry&, const TypeEntry&) = default;
};

// The migrations of one plugin at the time of describing.
struct SchemaState {
  std::string plugin;
  std::string sha256;

  friend bool operator==(const SchemaState&, const SchemaState&) = default;
};

struct Lock {
  std::vector<SchemaState> schema;  // dependencies first
  std::vector<TypeEntry> types;     // those that the queries use, by name
  std::vector<LockEntry> queries;

  const LockEntry* find(std::string_view name) const noexcept;
  const TypeEntry* find_type(std::string_view name) const noexcept;
};

// Of everything that the description depends on: SQL, kind, parameters, overrides. Not of
// documentation or of what goes into the tables as it is (@sensitive, @since).
std::string query_hash(const SourceQuery& query, const Statement& statement);

std::string to_json(const Lock& lock);

// Throws CodegenError when the text is no lock file. A file that is not there is an empty lock.
Lock parse_lock(const std::string& text, const std::string& file);
Lock read_lock(const std::filesystem::path& file);

}  // namespace qm::codegen
