// `quartermaster config`: the effective configuration and where each value came from.
#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"

namespace qm::cli {

void add_config_command(CLI::App& app, Context& context) {
  app.add_subcommand("config", "Show every setting, its value and where that came from")
      ->callback([&context] {
        Node::Array rows;
        for (const ConfigEntry& entry : context.configuration().entries()) {
          rows.emplace_back(Node::Object{{"key", entry.key},
                                         {"value", entry.value},
                                         {"origin", entry.origin},
                                         {"description", entry.description}});
        }
        // What each one means is in --help, and in the JSON.
        context.print_table({{"key"}, {.key = "value", .title = {}, .max_width = 120}, {"origin"}},
                            std::move(rows));
      });
}

}  // namespace qm::cli
