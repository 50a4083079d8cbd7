#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/help.hpp"
#include "config/nearest.hpp"

namespace qm::cli {
namespace {

constexpr const char* footer =
    "Every configuration flag is also a key of the configuration file (database.max_conns) and\n"
    "an environment variable (QUARTERMASTER_DATABASE_MAX_CONNS); flags win over the environment,\n"
    "the environment over the file. 'quartermaster config' shows what is in effect and why.\n"
    "\n"
    "exit codes:\n"
    "  0    done, and all is well\n"
    "  1    the operation failed, or found something wrong\n"
    "  2    the command line is wrong\n"
    "  3    the configuration, a file or a plugin is wrong\n"
    "  4    the database (for stats: the host) cannot be reached\n"
    "  5    the pool has no connection to spare\n"
    "  130  interrupted";

const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  for (auto parsed = at->get_subcommands(); !parsed.empty(); parsed = at->get_subcommands())
    at = parsed.front();
  return *at;
}

// "migrate up"; empty for the program itself, whose name stands before every message.
std::string full_name(const CLI::App& app) {
  if (app.get_parent() == nullptr) return {};
  const std::string outer = full_name(*app.get_parent());
  return outer.empty() ? app.get_name() : outer + " " + app.get_name();
}

std::string see_help(const CLI::App& app) {
  const std::string command = full_name(app);
  return fmt::format("see 'quartermaster {}{}--help'", command, command.empty() ? "" : " ");
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames())
        names.push_back("--" + name);
    }
  }
  return names;
}

std::string hint_for(const std::string& word, const std::vector<std::string>& known,
                     const CLI::App& app) {
  const std::string meant = nearest(word, known);
  return meant.empty() ? see_help(app) : fmt::format("did you mean {}?", meant);
}

std::string lower_first(std::string text) {
  // An option's or a command's own name keeps its case.
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

}  // namespace

void build_command_line(CLI::App& app, Context& context) {
  app.name("quartermaster");
  app.formatter(make_help_formatter());
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("--version", "quartermaster " QUARTERMASTER_VERSION,
                       "Show the version of Quartermaster");
  app.require_subcommand(1);
  // Inherited by the commands: global options are taken after a command's name, too.
  app.fallthrough();
  app.footer(footer);
  context.add_options(app);
  add_demo_command(app, context);
  add_migrate_command(app, context);
  add_query_command(app, context);
  add_verify_command(app, context);
  add_plugin_command(app, context);
  add_serve_command(app, context);
  add_stats_command(app, context);
  add_health_command(app, context);
  add_config_command(app, context);
  add_embedded_command(app, context);
}

Report describe_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& at = innermost(app);
  const std::string command = full_name(at);
  const std::vector<std::string> extras = app.remaining(true);
  const std::vector<std::string> commands = command_names(at);
  if (!extras.empty() && extras.front().starts_with("-")) {
    const std::string option = extras.front().substr(0, extras.front().find('='));
    return {.object = command,
            .problem = "there is no option " + option,
            .hint = hint_for(option, option_names(at), at)};
  }
  if (!extras.empty() && !commands.empty()) {
    return {.object = command,
            .problem = fmt::format("there is no command '{}'", extras.front()),
            .hint = hint_for(extras.front(), commands, at)};
  }
  if (!extras.empty()) {
    return {.object = command,
            .problem = fmt::format("there is no place for the argument '{}'", extras.front()),
            .hint = see_help(at)};
  }
  if (!commands.empty() && at.get_subcommands().empty()) {
    return {.object = command,
            .expected = fmt::format("a command: {}", fmt::join(commands, ", ")),
            .found = "none",
            .hint = see_help(at)};
  }
  return {.object = command, .problem = lower_first(error.what()), .hint = see_help(at)};
}

}  // namespace qm::cli
