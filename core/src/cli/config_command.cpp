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
        std::vector<Column> columns{{"key"}, {"value"}, {"origin"}};
        if (context.output() == Context::Output::table) columns.push_back({"description"});
        context.print_table(columns, std::move(rows));
      });
}

}  // namespace qm::cli
