// The command line as a whole: all commands, and what is said of a line that cannot be read. Not
// for what the commands do.
#pragma once

#include <quartermaster/error.hpp>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace qm::cli {

class Context;

// Registers the global options and every command.
void build_command_line(CLI::App& app, Context& context);

// What was wrong with the line that `app` has just refused, with the nearest name as a hint.
Report describe_parse_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace qm::cli
