// The parameters of a statement: $1, @name, sqlc.arg(name) and sqlc.narg(name) become $1..$n, and
// in (sqlc.slice(name)) becomes = any ($n), with a map from the rewritten text back to the source.
// Types are PostgreSQL's to find (describe.hpp).
//
// Named parameters are numbered by first appearance, taking the lowest number that no $n uses, or
// as `@params a, b` lists them. A parameter is nullable when any mention of it is an sqlc.narg.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "codegen/query_file.hpp"
#include "codegen/stars.hpp"

namespace qm::codegen {

struct Parameter {
  std::string name;  // "arg1" for a bare $1
  bool nullable = false;
  bool sensitive = false;
  bool loggable = false;
  bool positional = false;  // a bare $1: describing finds a better name, and whether it is nullable
  std::size_t offset = 0;   // of the first mention, in the source
};

class Statement {
 public:
  const std::string& sql() const noexcept { return sql_; }
  const std::vector<Parameter>& parameters() const noexcept { return parameters_; }
  // sqlc.embed(name): where in sql() its name.* stands.
  struct Embed {
    std::string name;
    std::size_t sql_offset = 0;
    std::size_t source_offset = 0;
  };
  const std::vector<Embed>& embeds() const noexcept { return embeds_; }
  // The same with stars written out; what was sqlc.embed() is plain columns then.
  Statement with_stars(const std::vector<Star>& stars) const;
  // Where in the source the character at this byte of sql() comes from.
  std::size_t source_offset(std::size_t sql_offset) const;

 private:
  friend class StatementWriter;
  struct Segment {
    std::size_t sql = 0;
    std::size_t source = 0;
    bool verbatim = true;  // false: all of it stands for the one place in the source
  };
  std::string sql_;
  std::vector<Parameter> parameters_;
  std::vector<Segment> segments_;
  std::vector<Embed> embeds_;
};

// Throws CodegenError with every fault of the query's parameters and of the annotations that name
// them.
Statement rewrite_parameters(const SourceQuery& query);

}  // namespace qm::codegen
