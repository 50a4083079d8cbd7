// See standalone.hpp.
#include "codegen/standalone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>

#include "codegen/describe_server.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/emit_client.hpp"
#include "codegen/naming.hpp"

namespace qm::codegen {
namespace {

constexpr const char* schema_name = "schema";

void require_namespace(const std::string& name) {
  static const std::regex pattern("[A-Za-z][A-Za-z0-9_]*(::[A-Za-z][A-Za-z0-9_]*)*");
  bool fits = std::regex_match(name, pattern) && name.find("__") == name.npos && name != "qm";
  for (std::size_t at = 0; fits && at <= name.size();) {
    const std::size_t end = std::min(name.find("::", at), name.size());
    const std::string part = name.substr(at, end - at);
    fits = !is_keyword(part) && part != "std";
    at = end + 2;
  }
  if (fits) return;
  throw CodegenError(Diagnostic{.report = {.object = "--namespace",
                                           .expected = "names such as app or app::db, that C++ and "
                                                       "this library have no use for",
                                           .found = name}});
}

// "app_db" for app::db.
std::string file_stem(const std::string& name_space) {
  return std::regex_replace(name_space, std::regex("::"), "_");
}

bool is_current(const Lock& lock, const std::string& schema,
                const std::vector<PluginQuery>& queries) {
  return lock.schema == std::vector<SchemaState>{{schema_name, schema}} &&
         lock.queries.size() == queries.size() &&
         std::all_of(queries.begin(), queries.end(), [&](const PluginQuery& query) {
           const LockEntry* entry = lock.find(query.source.name);
           return entry != nullptr && is_of(*entry, query);
         });
}

class Generator {
 public:
  explicit Generator(const GenerateOptions& options) : options_(options) {}

  bool run() {
    require_namespace(options_.name_space);
    Standalone source{options_.name_space, {}, {}};
    if (!options_.names.empty()) source.names = read_client_names(options_.names);
    std::vector<std::filesystem::path> files;
    Diagnostics diagnostics;
    for (const auto& path : options_.queries) {
      diagnostics.guard([&] {
        for (auto& file : list_sql_files(path))
          files.push_back(std::move(file));
      });
    }
    std::vector<SchemaFile> schema;
    diagnostics.guard([&] { schema = read_schema_files(options_.schema); });
    diagnostics.raise();
    source.queries = read_queries(files, std::filesystem::current_path());

    const std::string stem = file_stem(options_.name_space);
    const auto lock_file = options_.out / (stem + ".lock.json");
    const std::string hash = schema_hash(schema) + options_.search_path;
    Lock lock = std::filesystem::exists(lock_file) ? read_lock(lock_file) : Lock{};
    const bool current = is_current(lock, hash, source.queries);
    if (!current && options_.check) {
      throw CodegenError(
          Diagnostic{.file = lock_file.string(),
                     .report = {.object = "lock file",
                                .expected = "one for the schema and queries as they are",
                                .found = "another",
                                .hint = "run qmgen generate without --check"}});
    }
    if (!current) lock = describe(schema, hash, source.queries);
    write(options_.out / (stem + ".hpp"), emit_standalone_header(source, lock));
    write(lock_file, to_json(lock));
    fmt::print("{}: {} queries{}\n", (options_.out / (stem + ".hpp")).string(), lock.queries.size(),
               options_.check ? " are current" : "");
    return complete_;
  }

 private:
  Lock describe(const std::vector<SchemaFile>& schema, const std::string& hash,
                std::vector<PluginQuery>& queries) {
    const DescribeServer server(options_.url, options_.bin_dir);
    DescribeDatabase database(server.url());
    for (const Diagnostic& left_out : database.run(schema, server.is_embedded()))
      fmt::print(stderr, "warning: {}\n", left_out.text());
    if (!options_.search_path.empty()) database.set_search_path(options_.search_path);
    Lock lock;
    lock.schema = {{schema_name, hash}};
    Diagnostics diagnostics;
    std::vector<PluginQuery> good;
    for (PluginQuery& query : queries) {
      const bool described = diagnostics.guard(
          [&] { lock.queries.push_back(database.describe(query.source, query.statement)); });
      if (described) good.push_back(std::move(query));
    }
    if (!options_.keep_going) diagnostics.raise();
    if (!diagnostics.empty()) {
      fmt::print(stderr, "{}\n", CodegenError(diagnostics.list()).what());
      complete_ = false;
    }
    queries = std::move(good);
    lock.types = database.types();
    return lock;
  }

  void write(const std::filesystem::path& file, const std::string& text) const {
    if (!options_.check) {
      std::filesystem::create_directories(options_.out);
      write_if_changed(file, text);
      return;
    }
    if (std::filesystem::exists(file) && read_source(file).text() == text) return;
    throw CodegenError(Diagnostic{.file = file.string(),
                                  .report = {.object = "generated file",
                                             .expected = "what the queries give",
                                             .found = "something else",
                                             .hint = "run qmgen generate without --check"}});
  }

  const GenerateOptions& options_;
  bool complete_ = true;
};

}  // namespace

bool generate(const GenerateOptions& options) {
  return Generator(options).run();
}

}  // namespace qm::codegen
