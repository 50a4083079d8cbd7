// A file of annotated queries, taken apart: which statement stands under which name, with which
// kind, documentation and annotations. Parameters inside the statement are parameters.hpp's, what
// a statement means is PostgreSQL's to say.
//
//   -- name: GetMovie :one
//   -- The movie with this id.
//   -- @loggable id
//   select * from movies where id = @id;
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/lexer.hpp"
#include "codegen/source.hpp"

namespace qm::codegen {

// What the author asks to get back. :one may turn out to be exactly one, and :batchone likewise
// (cardinality.hpp); what is not is :opt and :batchopt.
enum class Kind {
  exec,
  execrows,
  execresult,
  one,
  opt,
  many,
  copyfrom,
  batchexec,
  batchone,
  batchopt,
  batchmany
};
std::string_view to_string(Kind kind) noexcept;  // ":one"
std::optional<Kind> parse_kind(std::string_view text) noexcept;
bool returns_rows(Kind kind) noexcept;
bool is_batch(Kind kind) noexcept;
// What it becomes when PostgreSQL does not guarantee a row.
Kind without_guarantee(Kind kind) noexcept;

// A name that an annotation mentions, and where.
struct Mention {
  std::string name;
  std::size_t offset = 0;
};

// Another plugin that a query reads from, and the lowest version of its schema that will do.
struct Requirement {
  std::string plugin;
  std::uint32_t since = 0;  // 0: any
  std::size_t offset = 0;
};

struct Annotations {
  std::vector<Mention> params;  // @params a, b: the order of the parameters
  std::vector<Mention> sensitive;
  std::vector<Mention> loggable;
  std::vector<Mention> not_null;
  std::vector<Mention> nullable;
  std::optional<std::uint32_t> since;
  std::size_t since_offset = 0;
  std::vector<Requirement> requirements;
  bool is_long = false;
  bool replica = false;
  std::size_t replica_offset = 0;
};

struct SourceQuery {
  std::shared_ptr<const Source> source;
  std::string name;
  std::size_t name_offset = 0;  // of the name in its comment
  Kind kind = Kind::exec;
  Annotations annotations;
  std::string documentation;  // lines joined by \n
  std::vector<Token> tokens;  // of the statement, comments included, never empty
};

// All queries of the file, in its order. Throws CodegenError with every fault of the file.
std::vector<SourceQuery> parse_query_file(std::shared_ptr<const Source> source);

// Throws CodegenError for each name that was given before.
void check_unique_names(const std::vector<SourceQuery>& queries);

}  // namespace qm::codegen
