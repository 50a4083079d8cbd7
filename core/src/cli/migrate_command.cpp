// `quartermaster migrate up|down|to|repair|adopt|verify|version|status|plan`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <quartermaster/migrator.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/migration_progress.hpp"
#include "cli/usage_error.hpp"
#include "config/value.hpp"

namespace qm::cli {
namespace {

struct Options {
  MigratorOptions migrator;
  std::uint32_t target = 0;
  std::optional<std::uint32_t> plan_target;
  std::vector<std::uint32_t> versions;
  std::string scratch_url;
  AdoptOptions adopt;
};

// As files are named, for people; a number in JSON.
Node version_node(const Context& context, std::uint32_t version) {
  if (context.output() == Context::Output::json) return version;
  return fmt::format("{:06}", version);
}

// For JSON.
Node::Array step_rows(const std::vector<MigrationStep>& steps) {
  Node::Array rows;
  for (const MigrationStep& step : steps) {
    rows.push_back(Node::Object{{"version", step.version},
                                {"direction", step.direction == Direction::up ? "up" : "down"},
                                {"slug", step.slug},
                                {"plugin", step.plugin}});
  }
  return rows;
}

using Operation = std::vector<MigrationStep> (*)(Migrator&, const Options&);

void run(Context& context, const Options& options, Operation operation) {
  Migrator migrator = context.host().migrator();
  install_interrupt_handlers();
  MigrationProgressBar bar(context.progress_style());
  Options with_progress = options;
  with_progress.migrator.cancelled = interrupted;
  with_progress.migrator.progress = [&](const MigrationProgress& p) { bar.update(p); };
  const std::vector<MigrationStep> steps = operation(migrator, with_progress);
  bar.finish(steps.size());
  if (context.output() == Context::Output::json) {
    context.print_table({}, step_rows(steps));
  }
}

void repair(Context& context, const Options& options) {
  Node::Array rows;
  std::string text;
  for (const MigrationStatus& status :
       context.host().migrator().repair(options.versions, options.migrator)) {
    rows.emplace_back(Node::Object{{"version", version_node(context, status.version)},
                                   {"slug", status.slug},
                                   {"plugin", status.plugin}});
    text += fmt::format("accepted the new text of {:06} {} ({})\n", status.version, status.slug,
                        status.plugin);
  }
  if (context.output() == Context::Output::json) {
    context.print_table({}, std::move(rows));
  } else {
    context.print_text(text.empty() ? "nothing to repair\n" : text);
  }
}

void adopt(Context& context, const Options& options) {
  AdoptOptions how = options.adopt;
  how.scratch_url = options.scratch_url;
  const Adoption adoption = context.host().migrator().adopt(how, options.migrator);
  if (context.output() == Context::Output::json) {
    context.print_record({{"recorded", adoption.recorded},
                          {"dirty", adoption.dirty},
                          {"former", adoption.former},
                          {"versions", step_rows(adoption.steps)}});
    return;
  }
  std::string text;
  if (!how.at) {
    text =
        fmt::format("recorded: version {}{}\n", adoption.recorded, adoption.dirty ? ", dirty" : "");
  }
  text += fmt::format("the schema is that of version {}\n", adoption.former);
  if (adoption.steps.empty()) {
    text += "nothing to adopt: 'quartermaster migrate up' begins at the first version\n";
  } else {
    text += fmt::format("{} {} versions, the last one {:06} {} ({})\n",
                        how.dry_run ? "would adopt" : "adopted", adoption.steps.size(),
                        adoption.steps.back().version, adoption.steps.back().slug,
                        adoption.steps.back().plugin);
  }
  context.print_text(text);
}

void print_status(Context& context) {
  using Member = Node::Object::value_type;
  const bool is_json = context.output() == Context::Output::json;
  std::map<std::string, std::size_t> counts;
  Node::Array rows;
  for (const MigrationStatus& status : context.host().migrator().status()) {
    ++counts[to_string(status.state)];
    const bool is_applied = !status.applied_at.empty();
    rows.push_back(Node::Object{
        {"version", version_node(context, status.version)},
        {"slug", status.slug},
        {"plugin", status.plugin},
        {"state", to_string(status.state)},
        {"applied_at", is_applied ? Node(status.applied_at) : Node()},
        {"applied_by", is_applied ? Node(status.applied_by) : Node()},
        is_json ? Member{"duration_seconds", is_applied ? Node(status.duration_seconds) : Node()}
                : Member{"took",
                         is_applied ? Node(fmt::format("{:.1f} ms", status.duration_seconds * 1000))
                                    : Node()}});
  }
  context.print_table({{"version"},
                       {"slug"},
                       {"plugin"},
                       {"state"},
                       {"applied_at", "applied at"},
                       {"applied_by", "by"},
                       {"took"}},
                      std::move(rows));
  std::string summary;
  for (const auto& [state, count] : counts) {
    summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, state);
  }
  context.say(summary.empty() ? "no migrations: no plugin brings any" : "\n" + summary);
}

// What is wrong with the versions, then with the objects they made.
void verify(Context& context, const Options& options) {
  Migrator migrator = context.host().migrator();
  Node::Array versions;
  std::size_t applied = 0;
  for (const MigrationStatus& status : migrator.status()) {
    if (status.state != MigrationState::pending) ++applied;
    if (status.state != MigrationState::modified && status.state != MigrationState::dirty) continue;
    versions.emplace_back(Node::Object{{"version", version_node(context, status.version)},
                                       {"slug", status.slug},
                                       {"plugin", status.plugin},
                                       {"state", to_string(status.state)}});
  }
  Node::Array objects;
  for (const SchemaDifference& difference : migrator.drift(options.scratch_url)) {
    const auto text = [](const std::string& definition) {
      return definition.empty() ? Node() : Node(definition);
    };
    objects.emplace_back(Node::Object{{"object", difference.object},
                                      {"expected", text(difference.expected)},
                                      {"found", text(difference.found)}});
  }
  const std::size_t count = versions.size() + objects.size();
  if (count > 0) context.exit_code = 1;
  if (context.output() == Context::Output::json) {
    context.print_record({{"versions", std::move(versions)}, {"objects", std::move(objects)}});
    return;
  }
  if (!versions.empty()) {
    context.print_table({{"version"}, {"slug"}, {"plugin"}, {"state"}}, std::move(versions));
    context.say("");
  }
  if (!objects.empty()) {
    context.print_table({{"object"}, {"expected"}, {"found"}}, std::move(objects));
    context.say("");
  }
  context.say(count == 0 ? fmt::format("the schema is what its {} applied versions make", applied)
                         : fmt::format("{} difference{} from what the applied versions make", count,
                                       count == 1 ? "" : "s"));
}

void print_plan(Context& context, const Options& options) {
  const auto steps = context.host().migrator().plan(options.plan_target, options.migrator);
  if (context.output() == Context::Output::json) {
    Node::Array rows = step_rows(steps);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Node::Object row = *rows[i].object();
      row.emplace_back("transactional", steps[i].transactional);
      row.emplace_back("sql", steps[i].sql);
      rows[i] = std::move(row);
    }
    context.print_table({}, std::move(rows));
    return;
  }
  std::string text;
  for (const MigrationStep& step : steps) {
    text += fmt::format("-- {:06} {} ({}) {}{}\n{}\n", step.version, step.slug, step.plugin,
                        step.direction == Direction::up ? "up" : "down",
                        step.transactional ? "" : ", outside a transaction", step.sql);
  }
  context.print_text(steps.empty() ? "-- nothing to do\n" : text);
}

}  // namespace

void add_migrate_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* migrate = app.add_subcommand("migrate", "Change and show the version of the schema");
  migrate->require_subcommand(1);
  const auto common = [options](CLI::App* command) {
    command->add_option("--plugin", options->migrator.plugin, "Only the versions of this plugin")
        ->type_name("ID");
    return command;
  };
  const auto add_wait = [options](CLI::App* command) {
    command
        ->add_option_function<std::int64_t>(
            "--wait",
            [options](std::int64_t seconds) {
              options->migrator.wait_timeout = std::chrono::seconds{seconds};
            },
            "Seconds to wait for another migrator and for table locks (default 300)")
        ->type_name("SECONDS")
        ->check(CLI::Range(0, 86400).description(""));
    return command;
  };
  const auto running = [&](const char* name, const char* description) {
    CLI::App* command = add_wait(common(migrate->add_subcommand(name, description)));
    command
        ->add_option_function<std::string>(
            "--lock-timeout",
            [options](const std::string& text) {
              const auto micros = config::parse_duration(text);
              if (!micros || *micros < 1000 || *micros % 1000 != 0) {
                throw UsageError({.object = "--lock-timeout",
                                  .expected = "whole milliseconds, 500ms or 2s for example",
                                  .found = text});
              }
              options->migrator.lock_timeout = std::chrono::milliseconds{*micros / 1000};
            },
            "How long a statement waits for table locks before its version is tried again "
            "(default 500ms)")
        ->type_name("DURATION");
    return command;
  };

  CLI::App* up = running("up", "Apply all pending versions");
  up->add_flag("--out-of-order", options->migrator.allow_out_of_order,
               "Allow versions below the highest applied one of their plugin");
  up->callback([options, &context] {
    run(context, *options, [](Migrator& m, const Options& o) { return m.up(o.migrator); });
  });

  CLI::App* down = running("down", "Roll back the last applied version");
  down->add_flag("--cascade", options->migrator.cascade,
                 "Also roll back later versions of plugins that depend on it");
  down->callback([options, &context] {
    run(context, *options, [](Migrator& m, const Options& o) { return m.down(o.migrator); });
  });

  CLI::App* to = running("to", "Go up or down to a version; 0 is the empty database");
  to->add_option("version", options->target, "The version to end at")->required();
  to->add_flag("--cascade", options->migrator.cascade,
               "Also roll back later versions of plugins that depend on those");
  to->add_flag("--out-of-order", options->migrator.allow_out_of_order,
               "Allow versions below the highest applied one of their plugin");
  to->callback([options, &context] {
    run(context, *options,
        [](Migrator& m, const Options& o) { return m.to(o.target, o.migrator); });
  });

  CLI::App* repair_command = add_wait(common(migrate->add_subcommand(
      "repair", "Accept the text that edited versions have now; changes the ledger only")));
  repair_command
      ->add_option("versions", options->versions, "Which; all that are 'modified' when left out")
      ->type_name("VERSION");
  repair_command->callback([options, &context] { repair(context, *options); });

  CLI::App* adopt_command =
      add_wait(migrate->add_subcommand("adopt",
                                       "Take over a database that golang-migrate or another tool "
                                       "migrated; changes the ledger only"));
  adopt_command
      ->add_option("--table", options->adopt.table, "Where golang-migrate keeps the version")
      ->type_name("NAME")
      ->capture_default_str();
  adopt_command
      ->add_option("--at", options->adopt.at,
                   "The former version that the database is at; no table is read")
      ->type_name("VERSION");
  adopt_command->add_flag("--allow-missing", options->adopt.allow_missing,
                          "Leave out former versions that no loaded plugin has");
  adopt_command->add_flag("--dry-run", options->adopt.dry_run, "Find out, and change nothing");
  const auto add_scratch = [options](CLI::App* command) {
    command
        ->add_option("--scratch", options->scratch_url,
                     "An empty database to make it in (default: one on the same server, for as "
                     "long as it takes)")
        ->type_name("URL");
  };
  add_scratch(adopt_command);
  adopt_command->callback([options, &context] { adopt(context, *options); });

  CLI::App* verify_command = migrate->add_subcommand(
      "verify", "Compare the schema with what the applied versions make; changes nothing");
  add_scratch(verify_command);
  verify_command->callback([options, &context] { verify(context, *options); });

  migrate->add_subcommand("version", "Show the highest applied version; takes no lock")
      ->callback([&context] {
        const MigrationVersion version = context.host().migrator().version();
        if (context.output() == Context::Output::json) {
          context.print_record({{"version", version.version}, {"dirty", version.dirty}});
        } else {
          context.print_text(fmt::format("{}{}\n", version.version, version.dirty ? " dirty" : ""));
        }
      });
  migrate->add_subcommand("status", "List every version and where it stands")->callback([&context] {
    print_status(context);
  });
  CLI::App* plan = common(migrate->add_subcommand(
      "plan", "Print the SQL that 'up' or 'to' would run; changes nothing"));
  plan->add_option("version", options->plan_target, "As for 'to'; all pending when left out");
  plan->callback([options, &context] { print_plan(context, *options); });
  add_migrate_files_commands(*migrate, context);
}

}  // namespace qm::cli
