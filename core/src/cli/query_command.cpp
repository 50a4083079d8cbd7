// `quartermaster query list|describe|run`: the registered queries, by name, without generated code.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/interruptible_query.hpp"
#include "cli/query_rows.hpp"
#include "cli/usage_error.hpp"
#include "cli/verify.hpp"
#include "host/similar_names.hpp"

namespace qm::cli {
namespace {

struct Options {
  std::string plugin;
  std::string name;
  bool count = false;
  std::vector<std::string> arguments;
  std::vector<std::string> nulls;
};

const RegisteredQuery& find(Context& context, const std::string& name) {
  if (const RegisteredQuery* query = context.host().find_query(name)) return *query;
  // "GetMovie" is enough when only one plugin has it.
  std::vector<const RegisteredQuery*> found;
  std::vector<std::string_view> known;
  for (const PluginInfo& plugin : context.host().plugins()) {
    for (const RegisteredQuery* query : plugin.queries) {
      if (query->name == name) found.push_back(query);
      known.push_back(name.find('.') == std::string::npos ? query->name : query->full_name);
    }
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    const std::vector<std::string> meant = host::similar_names(name, known);
    throw UsageError({.object = "query " + name,
                      .problem = "there is none of that name",
                      .hint = meant.empty()
                                  ? "see 'quartermaster query list'"
                                  : fmt::format("did you mean {}?", fmt::join(meant, ", "))});
  }
  std::string names;
  for (const RegisteredQuery* query : found)
    names += (names.empty() ? "" : ", ") + query->full_name;
  throw UsageError({.object = "query " + name,
                    .expected = "the plugin's id in front: one of " + names,
                    .found = "several of that name"});
}

std::string value_text(const QueryValue& value) {
  return fmt::format("{} {}{}", value.name, value.type, value.nullable ? "?" : "");
}

std::string values_text(const std::vector<QueryValue>& values) {
  std::string text;
  for (const QueryValue& value : values)
    text += (text.empty() ? "" : ", ") + value_text(value);
  return text;
}

// "needs movie 202"; empty when it can be run.
std::string why_unavailable(Context& context, const RegisteredQuery& query) {
  if (!context.host().unavailable(query)) return "";
  std::string text = "needs";
  for (const QueryRequirement& requirement : query.requirements) {
    text += " " + requirement.plugin;
    if (requirement.since_version != 0) text += fmt::format(" {}", requirement.since_version);
  }
  return text;
}

void list(Context& context, const Options& options) {
  Node::Array rows;
  Node::Array counts;
  std::size_t total = 0;
  for (const PluginInfo& plugin : context.host().plugins()) {
    if (plugin.state != PluginState::loaded) continue;
    if (!options.plugin.empty() && plugin.id != options.plugin) continue;
    total += plugin.queries.size();
    counts.emplace_back(Node::Object{{"plugin", plugin.id}, {"queries", plugin.queries.size()}});
    for (const RegisteredQuery* query : plugin.queries) {
      rows.emplace_back(Node::Object{{"query", query->full_name},
                                     {"kind", to_string(query->kind)},
                                     {"parameters", values_text(query->parameters)},
                                     {"columns", query->columns.size()},
                                     {"unavailable", why_unavailable(context, *query)}});
    }
  }
  if (options.count) {
    counts.emplace_back(Node::Object{{"plugin", "total"}, {"queries", total}});
    context.print_table({{"plugin"}, {"queries"}}, std::move(counts));
    return;
  }
  context.print_table({{"query"}, {"kind"}, {"parameters"}, {"columns"}, {"unavailable"}},
                      std::move(rows));
}

Node::Array value_rows(const std::vector<QueryValue>& values) {
  Node::Array rows;
  for (const QueryValue& value : values) {
    rows.emplace_back(Node::Object{{"name", value.name},
                                   {"type", value.type},
                                   {"nullable", value.nullable},
                                   {"sensitive", value.sensitive}});
  }
  return rows;
}

std::string indented(const std::string& text) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += "  " + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

void describe(Context& context, const Options& options) {
  const RegisteredQuery& query = find(context, options.name);
  if (context.output() == Context::Output::json) {
    context.print_record({{"query", query.full_name},
                          {"kind", to_string(query.kind)},
                          {"documentation", query.documentation},
                          {"since", query.since_version},
                          {"source", fmt::format("{}:{}", query.source_file, query.source_line)},
                          {"signature", query.signature},
                          {"parameters", value_rows(query.parameters)},
                          {"columns", value_rows(query.columns)},
                          {"sql", query.sql}});
    return;
  }
  std::string text = fmt::format("{} {}\n", query.full_name, to_string(query.kind));
  text += indented(query.documentation);
  text += fmt::format("\nparameters\n");
  text += render_table({{"name"}, {"type"}, {"nullable"}, {"sensitive"}},
                       value_rows(query.parameters), 2);
  text +=
      "\nresult\n" + render_table({{"name"}, {"type"}, {"nullable"}}, value_rows(query.columns), 2);
  text += fmt::format("\n{}:{}\n{}\n", query.source_file, query.source_line, query.sql);
  context.print_text(text);
}

// Arguments as text, which the server reads as the parameters' types.
class TextArguments {
 public:
  TextArguments(const RegisteredQuery& query, const Options& options) {
    std::map<std::string, std::optional<std::string>> given;
    for (const std::string& argument : options.arguments) {
      const auto equals = argument.find('=');
      if (equals == std::string::npos || equals == 0) {
        throw UsageError({.object = "--arg " + argument,
                          .expected = "name=value",
                          .found = "no '='",
                          .hint = "for NULL use --null name"});
      }
      given[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
    for (const std::string& name : options.nulls)
      given[name] = std::nullopt;
    for (const QueryValue& parameter : query.parameters) {
      const auto found = given.find(parameter.name);
      if (found == given.end() && !parameter.nullable) {
        throw UsageError({.object = query.full_name,
                          .expected = "--arg " + parameter.name + "=<" + parameter.type + ">",
                          .found = "no value for it",
                          .hint = "it takes " + values_text(query.parameters)});
      }
      texts_.push_back(found == given.end() ? std::nullopt : std::move(found->second));
      types_.push_back(parameter.type_oid);
      if (found != given.end()) given.erase(found);
    }
    if (!given.empty()) {
      throw UsageError(
          {.object = query.full_name,
           .expected = query.parameters.empty() ? "no arguments" : values_text(query.parameters),
           .found = "an argument '" + given.begin()->first + "'"});
    }
    for (const auto& text : texts_) {
      values_.push_back(text ? text->c_str() : nullptr);
      lengths_.push_back(text ? static_cast<int>(text->size()) : 0);
    }
    formats_.assign(texts_.size(), 0);
  }

  ParamView view() const { return {values_, lengths_, formats_, types_}; }

 private:
  std::vector<std::optional<std::string>> texts_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<Oid> types_;
};

void run(Context& context, const Options& options) {
  const RegisteredQuery& query = find(context, options.name);
  const TextArguments arguments(query, options);
  context.require_database();
  Pool& pool = context.host().pool();
  if (const auto reason = context.host().unavailable(query)) throw QueryUnavailable(*reason);
  // What is for many rows runs with one.
  const Result result = query.kind == QueryKind::copyfrom
                            ? execute_interruptibly(pool, single_statement(query), arguments.view())
                            : execute_interruptibly(pool, query, arguments.view());
  if (result.columns() == 0) {
    context.print_record({{"affected_rows", result.affected_rows()}});
    return;
  }
  print_rows(context, result);
}

}  // namespace

void add_query_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* query = app.add_subcommand("query", "Show and run the plugins' queries");
  query->require_subcommand(1);
  CLI::App* list_command = query->add_subcommand("list", "All registered queries");
  list_command->add_option("--plugin", options->plugin, "Only those of this plugin")
      ->type_name("ID");
  list_command->add_flag("--count", options->count, "Only how many each plugin has");
  list_command->callback([options, &context] { list(context, *options); });

  CLI::App* describe_command =
      query->add_subcommand("describe", "Parameters, result, documentation and SQL of one query");
  describe_command->add_option("name", options->name, "plugin.Name, or Name when it is unique")
      ->required();
  describe_command->callback([options, &context] { describe(context, *options); });

  CLI::App* run_command = query->add_subcommand("run", "Run one query and print its rows");
  run_command->add_option("name", options->name, "plugin.Name, or Name when it is unique")
      ->required();
  run_command
      ->add_option("--arg", options->arguments,
                   "A parameter, in PostgreSQL's text form; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  run_command->add_option("--null", options->nulls, "A parameter that is NULL; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  run_command->callback([options, &context] { run(context, *options); });
}

}  // namespace qm::cli
