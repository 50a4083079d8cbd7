// The commands of the CLI, each in the file of its name: registers itself, its options and what it
// does. A command's outcome is context.exit_code or an exception.
#pragma once

namespace CLI {
class App;
}

namespace qm::cli {

class Context;

void add_demo_command(CLI::App& app, Context& context);
void add_serve_command(CLI::App& app, Context& context);
void add_migrate_command(CLI::App& app, Context& context);
void add_migrate_files_commands(CLI::App& migrate, Context& context);
void add_plugin_command(CLI::App& app, Context& context);
void add_query_command(CLI::App& app, Context& context);
void add_verify_command(CLI::App& app, Context& context);
void add_health_command(CLI::App& app, Context& context);
void add_stats_command(CLI::App& app, Context& context);
void add_embedded_command(CLI::App& app, Context& context);
void add_config_command(CLI::App& app, Context& context);

}  // namespace qm::cli
