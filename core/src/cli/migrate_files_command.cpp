// `quartermaster migrate lint|new`: what works on migration files, without a database.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <quartermaster/migration_lint.hpp>
#include <set>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/usage_error.hpp"
#include "migrate/statements.hpp"

namespace qm::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view up_suffix = ".up.sql";
constexpr std::string_view down_suffix = ".down.sql";

struct Options {
  std::vector<std::string> paths;
  std::string plugin;
  std::string title;
  std::string directory;
  bool no_transaction = false;
};

// One version as the lint takes it, with the text it looks at.
struct Text {
  std::string file;
  std::string up;
  std::optional<std::string> down{};
  bool transactional = true;
};

std::string read(const fs::path& path) {
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!fs::is_regular_file(path, error) || !file) {
    throw UsageError({.object = path.string(),
                      .expected = "a migration file that can be read",
                      .found = fs::exists(path, error) ? "something else" : "nothing"});
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

Text read_version(const fs::path& up) {
  Text text{.file = up.string(), .up = read(up)};
  text.transactional = !migrate::says_no_transaction(text.up);
  std::string down = up.string();
  down.replace(down.size() - up_suffix.size(), up_suffix.size(), down_suffix);
  if (fs::exists(down)) text.down = read(down);
  return text;
}

void read_path(const fs::path& path, std::vector<Text>& texts) {
  if (!fs::is_directory(path)) {
    if (!path.string().ends_with(up_suffix)) {
      throw UsageError({.object = path.string(),
                        .expected = "a directory, or a file NNNNNN_slug.up.sql",
                        .found = fs::exists(path) ? "another file" : "nothing"});
    }
    texts.push_back(read_version(path));
    return;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.path().string().ends_with(up_suffix)) files.push_back(entry.path());
  }
  if (files.empty()) {
    throw UsageError({.object = path.string(),
                      .expected = "files NNNNNN_slug.up.sql",
                      .found = "a directory without any"});
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files)
    texts.push_back(read_version(file));
}

std::vector<Text> loaded_versions(Context& context, const std::string& plugin) {
  std::vector<Text> texts;
  for (const PluginInfo& info : context.host().plugins()) {
    if (info.state != PluginState::loaded || (!plugin.empty() && info.id != plugin)) continue;
    for (const Migration& migration : info.migrations) {
      texts.push_back(
          {fmt::format("{}/{:06}_{}.up.sql", info.id, migration.version, migration.slug),
           migration.up_sql,
           migration.down_sql.empty() ? std::nullopt : std::optional(migration.down_sql),
           migration.transactional});
    }
  }
  return texts;
}

std::string described(const LintFinding& finding) {
  std::string text = fmt::format("{}:{}: {}{}{}\n", finding.file, finding.line, finding.rule->id,
                                 finding.detail.empty() ? "" : ": ", finding.detail);
  if (!finding.statement.empty()) text += fmt::format("    {}\n", finding.statement);
  return text + fmt::format("  {}\n  instead: {}\n\n", finding.rule->reason, finding.rule->remedy);
}

void run_lint(Context& context, const Options& options) {
  std::vector<Text> texts;
  for (const std::string& path : options.paths)
    read_path(path, texts);
  if (options.paths.empty()) texts = loaded_versions(context, options.plugin);
  Node::Array rows;
  std::string report;
  for (const Text& text : texts) {
    for (const LintFinding& finding : lint({text.file, text.up, text.down, text.transactional})) {
      rows.emplace_back(Node::Object{{"file", finding.file},
                                     {"line", finding.line},
                                     {"rule", finding.rule->id},
                                     {"detail", finding.detail},
                                     {"statement", finding.statement},
                                     {"reason", finding.rule->reason},
                                     {"remedy", finding.rule->remedy}});
      report += described(finding);
    }
  }
  const std::size_t count = rows.size();
  if (count > 0) context.exit_code = 1;
  if (context.output() == Context::Output::json) {
    context.print_table({}, std::move(rows));
    return;
  }
  context.print_text(report);
  context.say(fmt::format("{} finding{} in {} version{}", count, count == 1 ? "" : "s",
                          texts.size(), texts.size() == 1 ? "" : "s"));
}

// "Add ratings!" becomes "add_ratings".
std::string slug_of(const std::string& title) {
  std::string slug;
  for (const char c : title) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0 && u < 0x80) {
      slug += static_cast<char>(std::tolower(u));
    } else if (!slug.empty() && slug.back() != '_') {
      slug += '_';
    }
  }
  while (!slug.empty() && slug.back() == '_')
    slug.pop_back();
  if (slug.empty()) {
    throw UsageError({.object = "title",
                      .expected = "words, for example \"add ratings\"",
                      .found = title.empty() ? "nothing" : "no letter or digit"});
  }
  return slug;
}

// Those that the plugin brings, and those that lie in the directory and are not built yet.
std::set<std::uint32_t> used_versions(const PluginInfo& plugin, const fs::path& directory) {
  std::set<std::uint32_t> used;
  for (const Migration& migration : plugin.migrations)
    used.insert(migration.version);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) != 0) {
      used.insert(static_cast<std::uint32_t>(std::strtoul(name.c_str(), nullptr, 10)));
    }
  }
  return used;
}

// The first one above all that are used: versions below would be out of order.
std::uint32_t next_version(const PluginInfo& plugin, const std::set<std::uint32_t>& used) {
  const std::uint32_t above = used.empty() ? 0 : *used.rbegin();
  std::uint32_t best = 0;
  for (const MigrationRange& range : plugin.ranges) {
    const std::uint32_t candidate = std::max(range.first, above + 1);
    if (candidate <= range.last && (best == 0 || candidate < best)) best = candidate;
  }
  if (best == 0) {
    throw UsageError({.object = "plugin " + plugin.id,
                      .expected = fmt::format("a version above {} in its ranges", above),
                      .found = "none left",
                      .hint = "add a range to its manifest"});
  }
  return best;
}

void write_new(const fs::path& file, const std::string& text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  // Never over a file that is there.
  std::ofstream out(file, std::ios::binary | std::ios::app);
  if (fs::exists(file, error) && fs::file_size(file, error) == 0 && (out << text).flush()) return;
  throw Error({.object = file.string(),
               .problem = "cannot be written",
               .hint = "see that the directory is yours and has room"});
}

void run_new(Context& context, const Options& options) {
  const std::string slug = slug_of(options.title);
  const PluginInfo* plugin = context.host().plugin(options.plugin);
  if (plugin == nullptr || plugin->state != PluginState::loaded) {
    throw UsageError(
        {.object = "plugin " + options.plugin,
         .expected = "one that is loaded, for its ranges",
         .found = plugin == nullptr ? "none of that id" : std::string(to_string(plugin->state)),
         .hint = "see 'quartermaster plugin list'"});
  }
  const fs::path directory = options.directory.empty() ? fs::path("migrations") / options.plugin
                                                       : fs::path(options.directory);
  const std::uint32_t version = next_version(*plugin, used_versions(*plugin, directory));
  const std::string stem = fmt::format("{:06}_{}", version, slug);
  const fs::path up = directory / (stem + std::string(up_suffix));
  const fs::path down = directory / (stem + std::string(down_suffix));
  write_new(up, fmt::format("-- {}\n{}\n", options.title,
                            options.no_transaction ? "-- quartermaster: no-transaction\n" : ""));
  write_new(down, fmt::format("-- Restores what {} found, with data in the tables.\n\n",
                              up.filename().string()));
  if (context.output() == Context::Output::json) {
    context.print_record({{"version", version}, {"up", up.string()}, {"down", down.string()}});
  } else {
    context.print_text(fmt::format("{}\n{}\n", up.string(), down.string()));
  }
}

}  // namespace

void add_migrate_files_commands(CLI::App& migrate, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* lint_command = migrate.add_subcommand(
      "lint", "Find what would block or break an application; needs no database");
  lint_command
      ->add_option("paths", options->paths,
                   "Directories and files NNNNNN_slug.up.sql; without any, the loaded plugins'")
      ->type_name("PATH");
  lint_command->add_option("--plugin", options->plugin, "Only the versions of this loaded plugin")
      ->type_name("ID");
  lint_command->callback([options, &context] { run_lint(context, *options); });

  CLI::App* new_command =
      migrate.add_subcommand("new", "Create the file pair of a plugin's next version");
  new_command->add_option("plugin", options->plugin, "The plugin's id")
      ->required()
      ->type_name("ID");
  new_command->add_option("title", options->title, "What it does: \"add ratings\"")
      ->required()
      ->type_name("TITLE");
  new_command
      ->add_option("--directory", options->directory,
                   "Where the plugin's files lie (default migrations/<plugin>)")
      ->type_name("PATH");
  new_command->add_flag("--no-transaction", options->no_transaction,
                        "For statements like CREATE INDEX CONCURRENTLY");
  new_command->callback([options, &context] { run_new(context, *options); });
}

}  // namespace qm::cli
