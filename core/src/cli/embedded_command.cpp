// `quartermaster embedded start|stop|status|url|psql`: a PostgreSQL of one's own for development,
// which goes on running between commands.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <quartermaster/error.hpp>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/embedded_database.hpp"
#include "cli/exit_code.hpp"

namespace qm::cli {
namespace {

struct Options {
  std::string data_dir;
  std::string database = "quartermaster";
  std::vector<std::string> arguments;
};

std::filesystem::path directory(Context& context, const Options& options) {
  return data_directory(context, options.data_dir, "postgres");
}

embedded::Server require_server(Context& context, const Options& options) {
  const auto data_dir = directory(context, options);
  if (auto server = embedded::Server::attach(data_dir)) return std::move(*server);
  throw ConnectError({.object = data_dir.string(),
                      .problem = "no server runs on it",
                      .hint = "start one: quartermaster embedded start"});
}

Node::Object record(const embedded::Server& server, const std::string& database) {
  return {{"state", "running"},
          {"data_dir", server.data_dir().string()},
          {"version", server.major()},
          {"pid", server.pid()},
          {"log", server.log_file().string()},
          {"url", server.url(database)}};
}

void start(Context& context, const Options& options) {
  const RunningServer running = attach_or_start(context, directory(context, options), true);
  ensure_database(running.server, options.database);
  context.print_record(record(running.server, options.database));
}

void stop(Context& context, const Options& options) {
  const auto data_dir = directory(context, options);
  auto server = embedded::Server::attach(data_dir);
  if (server) server->stop();
  context.print_record(
      {{"state", "stopped"}, {"data_dir", data_dir.string()}, {"was_running", server.has_value()}});
}

void status(Context& context, const Options& options) {
  const auto data_dir = directory(context, options);
  if (const auto server = embedded::Server::attach(data_dir)) {
    context.print_record(record(*server, options.database));
    return;
  }
  context.print_record({{"state", "stopped"}, {"data_dir", data_dir.string()}});
  context.exit_code = exit_unreachable;
}

void print_url(Context& context, const Options& options) {
  const std::string url = require_server(context, options).url(options.database);
  if (context.output() == Context::Output::json) {
    context.print_record({{"url", url}});
  } else {
    context.print_text(url + "\n");
  }
}

void run_psql(Context& context, const Options& options) {
  const embedded::Server server = require_server(context, options);
  const auto beside = server.bin_dir() / "psql";
  std::error_code ignored;
  const std::string program =
      std::filesystem::exists(beside, ignored) ? beside.string() : std::string("psql");
  const std::string url = server.url(options.database);
  std::vector<std::string> words{"psql", url};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::signal(SIGPIPE, SIG_DFL);  // an ignored signal stays ignored across exec
  ::execvp(program.c_str(), arguments.data());
  throw Error({.object = program,
               .problem = "cannot be run: " + std::generic_category().message(errno),
               .hint = "install postgresql-client"});
}

}  // namespace

void add_embedded_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* embedded = app.add_subcommand("embedded", "A PostgreSQL of your own for development");
  embedded->require_subcommand(1);
  const auto add = [&](const char* name, const char* description,
                       void (*action)(Context&, const Options&)) {
    CLI::App* command = embedded->add_subcommand(name, description);
    command
        ->add_option("--data-dir", options->data_dir,
                     "Its data directory; else embedded.data_dir, else one in your home directory")
        ->type_name("DIR");
    command->callback([options, &context, action] { action(context, *options); });
    return command;
  };
  const auto with_database = [&](CLI::App* command) {
    command->add_option("--database", options->database, "The database (default quartermaster)")
        ->type_name("NAME");
    return command;
  };
  with_database(add("start", "Start it, make the database, and leave it running", start));
  add("stop", "Stop it; the data stays", stop);
  with_database(add("status", "Show whether it runs: exit 0 running, 4 stopped", status));
  with_database(add("url", "Print its url, for --database-url", print_url));
  with_database(add("psql", "Open psql on it; arguments after -- go to psql", run_psql))
      ->add_option("arguments", options->arguments, "For psql");
}

}  // namespace qm::cli
