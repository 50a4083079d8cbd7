// The program `quartermaster`: reads the command line, runs the command, and turns what went wrong
// into a message and an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "cli/command_line.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure.hpp"
#include "cli/usage_error.hpp"

namespace {

using qm::cli::Context;

// A standard stream that was closed would lend its number to the next file or socket, and results
// would be written there. These stand-ins fail when they are written to.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    [[maybe_unused]] const int lowest = ::open("/dev/null", O_RDONLY);
  }
}

// Looked at before the line is read, so that errors in it have the form that was asked for.
Context::Output wanted_output(int argc, char** argv) {
  auto output = Context::Output::table;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--output" && i + 1 < argc) {
      output =
          std::string_view(argv[i + 1]) == "json" ? Context::Output::json : Context::Output::table;
    } else if (word == "--output=json") {
      output = Context::Output::json;
    }
  }
  return output;
}

void run(CLI::App& app, Context& context, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    context.print_text(app.help());
  } catch (const CLI::CallForVersion& version) {
    context.print_text(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& error) {
    throw qm::cli::UsageError(qm::cli::describe_parse_error(app, error));
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  // A reader of our output that goes away (`| head`) shows as a write error.
  ::signal(SIGPIPE, SIG_IGN);
  Context context;
  context.set_output(wanted_output(argc, argv));
  try {
    CLI::App app("Everything between an application and PostgreSQL");
    qm::cli::build_command_line(app, context);
    run(app, context, argc, argv);
    return context.exit_code;
  } catch (const qm::cli::ReaderGone&) {
    return qm::cli::exit_failed;
  } catch (const std::exception& error) {
    const int code = qm::cli::exit_code_of(error);
    qm::cli::print_failure(context.output(), error, code);
    return code;
  }
}
