// `quartermaster plugin list|inspect`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <quartermaster/error.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"

namespace qm::cli {
namespace {

std::string range_text(const MigrationRange& range) {
  return range.first == range.last ? fmt::format("{:03}", range.first)
                                   : fmt::format("{:03}-{:03}", range.first, range.last);
}

Node::Object summary(const PluginInfo& plugin) {
  Node::Array ranges;
  for (const MigrationRange& range : plugin.ranges)
    ranges.emplace_back(range_text(range));
  Node::Array dependencies;
  for (const PluginDependency& dependency : plugin.dependencies) {
    dependencies.emplace_back(dependency.version_range.empty()
                                  ? dependency.id
                                  : dependency.id + " " + dependency.version_range);
  }
  return {{"id", plugin.id},
          {"version", plugin.version},
          {"state", to_string(plugin.state)},
          {"queries", plugin.queries.size()},
          {"migrations", plugin.migrations.size()},
          {"ranges", std::move(ranges)},
          {"depends", std::move(dependencies)},
          {"reason", plugin.reason.empty() ? Node() : Node(plugin.reason)}};
}

void list(Context& context) {
  Node::Array rows;
  bool rejected = false;
  bool refused = false;
  for (const PluginInfo& plugin : context.host(Context::Refused::told_by_caller).plugins()) {
    rows.emplace_back(summary(plugin));
    refused = refused || !plugin.reason.empty();
    rejected = rejected || plugin.state == PluginState::rejected;
  }
  std::vector<Column> columns{{"id"},         {"version"}, {"state"},  {"queries"},
                              {"migrations"}, {"ranges"},  {"depends"}};
  if (refused) columns.push_back({.key = "reason", .title = {}, .max_width = 400});
  context.print_table(columns, std::move(rows));
  if (rejected) context.exit_code = 1;
}

void inspect(Context& context, const std::string& id) {
  const PluginInfo* plugin = context.host(Context::Refused::told_by_caller).plugin(id);
  if (plugin == nullptr) {
    throw PluginError({.object = "plugin " + id,
                       .expected = "a plugin that was found",
                       .found = "none of that id",
                       .hint = "see 'quartermaster plugin list'"});
  }
  Node::Object record = summary(*plugin);
  record.insert(record.begin() + 1, {{"name", plugin->name}, {"description", plugin->description}});
  record.emplace_back("abi", fmt::format("{}.{}", plugin->abi_major, plugin->abi_minor));
  record.emplace_back("manifest", plugin->manifest.string());
  record.emplace_back("library", plugin->library.string());
  record.emplace_back("sha256", plugin->sha256);
  Node::Array schemas;
  for (const std::string& schema : plugin->schemas)
    schemas.emplace_back(schema);
  record.emplace_back("schemas", std::move(schemas));
  if (context.output() == Context::Output::json) {
    Node::Array migrations;
    for (const Migration& m : plugin->migrations) {
      migrations.emplace_back(Node::Object{{"version", m.version},
                                           {"slug", m.slug},
                                           {"transactional", m.transactional},
                                           {"has_down", !m.down_sql.empty()},
                                           {"checksum", m.checksum}});
    }
    record.emplace_back("migration_list", std::move(migrations));
    Node::Array queries;
    for (const RegisteredQuery* query : plugin->queries) {
      queries.emplace_back(Node::Object{{"name", query->name}, {"signature", query->signature}});
    }
    record.emplace_back("query_list", std::move(queries));
  }
  context.print_record(std::move(record));
}

}  // namespace

void add_plugin_command(CLI::App& app, Context& context) {
  CLI::App* plugin = app.add_subcommand("plugin", "Show the plugins and why one is refused");
  plugin->require_subcommand(1);
  plugin->add_subcommand("list", "One line per plugin; exit 1 when one is rejected")
      ->callback([&context] { list(context); });
  const auto id = std::make_shared<std::string>();
  CLI::App* command = plugin->add_subcommand("inspect", "Everything known of one plugin");
  command->add_option("id", *id, "The plugin's id")->required();
  command->callback([id, &context] { inspect(context, *id); });
}

}  // namespace qm::cli
