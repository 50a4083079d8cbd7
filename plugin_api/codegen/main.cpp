// qmgen: the query compiler's command line. Exit codes: 0 done, 1 the input or the server has a
// fault (told on standard error, one line each), 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "codegen/describe.hpp"
#include "codegen/describe_server.hpp"
#include "codegen/diagnostic.hpp"
#include "codegen/emit_client.hpp"
#include "codegen/emit_plugin.hpp"
#include "codegen/plugin.hpp"
#include "codegen/standalone.hpp"
#include "codegen/verify.hpp"

namespace qm::codegen {
namespace {

struct Inputs {
  std::filesystem::path manifest;
  std::vector<std::filesystem::path> dependencies;

  void add_to(CLI::App& command) {
    command.add_option("--manifest", manifest, "The plugin's plugin.yaml")
        ->required()
        ->type_name("FILE");
    command
        .add_option("--dependency", dependencies,
                    "The plugin.yaml of a plugin that it depends on, where that is not in "
                    "../<id>/ beside it; may be given again")
        ->type_name("FILE");
  }
};

struct ServerArguments {
  std::string url;
  std::filesystem::path bin_dir;

  void add_to(CLI::App& command) {
    command
        .add_option("--url", url,
                    "A server on which a database may be created and dropped; default: an embedded "
                    "server for the time of this command")
        ->type_name("URL");
    command.add_option("--bin-dir", bin_dir, "Where the embedded server's programs are")
        ->type_name("DIR");
  }
};

struct EmitOptions {
  std::filesystem::path plugin_source;
  std::filesystem::path client_header;
  std::filesystem::path plugin_manifest;
  std::filesystem::path depfile;
};

void describe(const Inputs& inputs, const ServerArguments& options) {
  const Plugin plugin = load_plugin(inputs.manifest, inputs.dependencies, true);
  const DescribeServer server(options.url, options.bin_dir);
  DescribeDatabase database(server.url());
  database.migrate(plugin.all_migrations());
  Lock lock;
  lock.schema = plugin.schema();
  Diagnostics diagnostics;
  for (const PluginQuery& query : plugin.queries) {
    diagnostics.guard(
        [&] { lock.queries.push_back(database.describe(query.source, query.statement)); });
  }
  diagnostics.raise();
  lock.types = database.types();
  const bool written = write_if_changed(plugin.manifest.lock, to_json(lock));
  fmt::print("{}: {} queries {}\n", plugin.manifest.lock.string(), lock.queries.size(),
             written ? "described" : "as they were");
}

Lock read_current_lock(const Plugin& plugin) {
  Lock lock = read_lock(plugin.manifest.lock);
  require_current(plugin, lock);
  return lock;
}

void check(const Inputs& inputs) {
  const Plugin plugin = load_plugin(inputs.manifest, inputs.dependencies, false);
  read_current_lock(plugin);
  fmt::print("{}: {} queries are current\n", plugin.manifest.lock.string(), plugin.queries.size());
}

// The names in a make rule: blanks and # escaped.
std::string make_name(const std::filesystem::path& file) {
  std::string out;
  for (const char c : std::filesystem::absolute(file).lexically_normal().string()) {
    if (c == ' ' || c == '#' || c == '\\') out += '\\';
    if (c == '$') out += '$';
    out += c;
  }
  return out;
}

void emit(const Inputs& inputs, const EmitOptions& options) {
  const Plugin plugin = load_plugin(inputs.manifest, inputs.dependencies, false);
  const Lock lock = read_current_lock(plugin);
  const auto write = [](const std::filesystem::path& file, const std::string& text) {
    if (file.empty()) return;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    write_if_changed(file, text);
  };
  write(options.plugin_source, emit_plugin_source(plugin, lock));
  write(options.client_header, emit_client_header(plugin, lock));
  write(options.plugin_manifest, emit_install_manifest(plugin.manifest));
  if (!options.depfile.empty()) {
    std::string rule = make_name(options.plugin_source) + ":";
    for (const auto& input : plugin.inputs())
      rule += " \\\n  " + make_name(input);
    write(options.depfile, rule + "\n");
  }
}

void add_generate_options(CLI::App& command, GenerateOptions& options, ServerArguments& server) {
  command
      .add_option("--schema", options.schema,
                  "Schema files, or directories of them: SQL, dumps, or migrations, of which the "
                  "way up is run")
      ->required()
      ->type_name("PATH");
  command.add_option("--queries", options.queries, "Query files, or directories of them")
      ->required()
      ->type_name("PATH");
  command
      .add_option("--namespace", options.name_space, "C++ namespace of the header: app, app::db")
      ->required()
      ->type_name("NAME");
  command
      .add_option("--out", options.out,
                  "Directory to write NAME.hpp and NAME.lock.json to; made if need be")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--names", options.names,
                  "YAML file with rename and overrides, as in a plugin.yaml")
      ->type_name("FILE");
  command
      .add_option("--search-path", options.search_path,
                  "Where queries look for names without a schema: \"app, public\"")
      ->type_name("SCHEMAS");
  command.add_flag("--check", options.check,
                   "Write nothing, fail when the files are not current; offline");
  command.add_flag("--keep-going", options.keep_going,
                   "Leave out queries with faults; they are told, and the exit code is 1");
  server.add_to(command);
}

// Exit code 1 when a query breaks.
int verify(const Inputs& inputs, const std::filesystem::path& against,
           const ServerArguments& options) {
  const Plugin release = load_plugin(inputs.manifest, inputs.dependencies, true);
  const Lock lock = read_current_lock(release);
  const Plugin later = against.empty() ? release : load_plugin(against, inputs.dependencies, true);
  const DescribeServer server(options.url, options.bin_dir);
  DescribeDatabase database(server.url());
  const auto breakages = find_breakages(release, lock, later, database);
  for (const Breakage& breakage : breakages) {
    const MigrationFile& migration = breakage.migration;
    fmt::print(stderr, "{}\n  breaks {}\n", breakage.diagnostic.text(),
               migration.up
                   ? fmt::format("at migration {:06}_{}", migration.version, migration.slug)
                   : std::string("on its own schema"));
  }
  if (!breakages.empty()) return 1;
  const auto migrations = later.all_migrations();
  fmt::print("{} queries of {} {} work up to version {}\n", release.queries.size(),
             release.manifest.id, release.manifest.version,
             migrations.empty() ? 0 : migrations.back().version);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("qmgen compiles a plugin's annotated SQL into its tables and a typed C++ client.",
               "qmgen");
  app.set_version_flag("--version", "qmgen " QUARTERMASTER_VERSION);
  app.require_subcommand(1);

  Inputs inputs;
  ServerArguments describe_options;
  auto* describe_command = app.add_subcommand(
      "describe", "Ask PostgreSQL what each query takes and gives; write the lock file");
  inputs.add_to(*describe_command);
  describe_options.add_to(*describe_command);

  EmitOptions emit_options;
  auto* emit_command =
      app.add_subcommand("emit", "Write the plugin's C tables and its client header; offline");
  inputs.add_to(*emit_command);
  emit_command->add_option("--plugin-source", emit_options.plugin_source, "C file to write")
      ->required()
      ->type_name("FILE");
  emit_command->add_option("--client-header", emit_options.client_header, "C++ header to write")
      ->required()
      ->type_name("FILE");
  emit_command
      ->add_option("--plugin-manifest", emit_options.plugin_manifest,
                   "Manifest to write, which is installed beside the plugin's library")
      ->type_name("FILE");
  emit_command
      ->add_option("--depfile", emit_options.depfile,
                   "Rule for make or ninja to write: what the output depends on")
      ->type_name("FILE");

  auto* check_command = app.add_subcommand(
      "check", "Fail when the lock file does not fit the queries and migrations; offline");
  inputs.add_to(*check_command);

  std::filesystem::path against;
  auto* verify_command = app.add_subcommand(
      "verify",
      "Prepare the queries against a later schema; name the first migration that breaks "
      "one");
  inputs.add_to(*verify_command);
  verify_command
      ->add_option("--against", against,
                   "The plugin.yaml of the later release; default: the plugin's own schema")
      ->type_name("FILE");
  describe_options.add_to(*verify_command);

  GenerateOptions generate_options;
  auto* generate_command = app.add_subcommand(
      "generate",
      "Write a header of typed queries from any schema and query files, no plugin "
      "needed");
  add_generate_options(*generate_command, generate_options, describe_options);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (*describe_command) describe(inputs, describe_options);
  if (*emit_command) emit(inputs, emit_options);
  if (*check_command) check(inputs);
  if (*verify_command) return verify(inputs, against, describe_options);
  if (*generate_command) {
    generate_options.url = describe_options.url;
    generate_options.bin_dir = describe_options.bin_dir;
    return generate(generate_options) ? 0 : 1;
  }
  return 0;
}

}  // namespace
}  // namespace qm::codegen

int main(int argc, char** argv) {
  try {
    return qm::codegen::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
