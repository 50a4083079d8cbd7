// A plugin's source manifest, plugin.yaml: what the author writes about the plugin. Not the
// installed manifest (emit_manifest.hpp), which is made from it.
//
//   id: movie
//   name: Movies
//   description: ...
//   version: 0.1.0
//   depends: [{id: shared, version: ">=0.1.0 <1.0.0"}]
//   schemas: [public]
//   migrations: {ranges: [[21, 26], [31, 31]], directory: ../../migrations/movie}
//   queries: [queries/movies.sql]      # files, or directories: all their .sql files by name
//   lock: queries.lock.json
//   rename: {movies: Film, movies.tmdb_id: tmdb}   # struct or enum class of a table or type, and
//                                                  # member of a column; also schema.table
//   overrides:                         # C++ types of the author's own, which need a qm::Codec
//     - {type: uuid, cpp: app::Id, include: app/id.hpp}            # of a PostgreSQL type
//     - {column: public.movies.title, cpp: app::Title, include: app/title.hpp}
//   optional: false                    # true: off unless a host enables it by name
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace qm::codegen {

struct Dependency {
  std::string id;
  std::string version;  // range, empty = any
};

struct VersionRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  // inclusive
};

// A type of the author's own for a PostgreSQL type, or for one column.
struct Override {
  std::string type;    // as the lock file has it; empty: `column` says where
  std::string column;  // "public.movies.title", or "GetTotals.total" for an expression
  std::string cpp;
  std::string include;  // "app/id.hpp" or "<app/id.hpp>"; empty: none needed
};

// What the author has to say about names and types of the client.
struct ClientNames {
  std::filesystem::path file;  // that says so
  std::map<std::string, std::string> rename{};
  std::vector<Override> overrides{};
};

// Paths are as written, joined to the manifest's directory.
struct Manifest {
  std::filesystem::path file;
  std::string id;
  std::string name;
  std::string description;
  std::string version;
  std::vector<Dependency> depends;
  std::vector<std::string> schemas;
  std::vector<VersionRange> ranges;
  std::filesystem::path migrations;  // empty: none
  std::vector<std::filesystem::path> queries;
  std::filesystem::path lock;
  ClientNames names;
  bool optional = false;

  bool owns(std::uint32_t version) const noexcept;
};

// Throws CodegenError at the line of the fault.
Manifest read_manifest(const std::filesystem::path& file);

// The same keys, rename and overrides, in a file of their own. Throws CodegenError.
ClientNames read_client_names(const std::filesystem::path& file);

// The manifests of everything the plugin depends on, each before those that need it, found as
// ../<id>/plugin.yaml beside the manifest that names them or among `known`. Those that are nowhere
// are an error when `required`, else left out; `except` is left out in any case. Throws
// CodegenError, also for a cycle.
std::vector<Manifest> read_dependencies(const Manifest& manifest,
                                        const std::vector<std::filesystem::path>& known,
                                        bool required, const std::string& except = "");

}  // namespace qm::codegen
