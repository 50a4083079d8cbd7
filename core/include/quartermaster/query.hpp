// A query as a host knows it: what a plugin registered, checked and copied, at an address that
// stays valid for the process. Typed clients hold one pointer to it. Not for running queries:
// that is executor.hpp.
#pragma once

#include <cstdint>
#include <quartermaster/export.hpp>
#include <quartermaster/types.hpp>
#include <string>
#include <vector>

namespace qm {

// Same values as qm_query_kind in the plugin ABI.
enum class QueryKind : std::uint32_t {
  exec = 1,
  execrows = 2,
  one = 3,  // exactly one row
  opt = 4,  // none or one
  many = 5,
  execresult = 6,
  copyfrom = 7,
  batchexec = 8,
  batchone = 9,
  batchmany = 10,
};
QM_API const char* to_string(QueryKind kind) noexcept;  // ":one", ":opt", ...

// A parameter or a result column.
struct QueryValue {
  std::string name;
  std::string type;  // canonical type name, "character varying", "timestamp with time zone[]"
  Oid type_oid = 0;  // 0: resolved per database by name
  bool nullable = false;
  bool sensitive = false;  // parameter: never shown
  bool loggable = false;   // parameter: text that may be shown
};

// Another plugin that a query reads from.
struct QueryRequirement {
  std::string plugin;
  std::uint32_t since_version = 0;  // lowest schema version of it; 0 = any
};

struct RegisteredQuery {
  std::uint32_t index = 0;  // dense in the process: slot in each connection's statement table
  QueryKind kind = QueryKind::exec;
  bool replica = false;
  bool read_only = false;     // proven by the query compiler, or said by who registers it
  bool is_long = false;       // takes its time: not to hold up others in a pipeline
  bool text_results = false;  // a column's type has no binary form that can be read here
  std::uint32_t since_version = 0;
  std::uint64_t signature_hash = 0;
  std::string plugin;
  std::string name;
  std::string full_name;  // "movie.GetMovie": label in logs, metrics and errors
  std::string sql;
  std::string signature;
  std::string documentation;
  std::string source_file;
  std::uint32_t source_line = 0;
  std::vector<QueryValue> parameters;
  std::vector<QueryValue> columns;
  std::vector<QueryRequirement> requirements;
  // Why it cannot be run on the host that it was bound on; empty when it can. Running it throws
  // QueryUnavailable.
  std::string unavailable;
};

}  // namespace qm
