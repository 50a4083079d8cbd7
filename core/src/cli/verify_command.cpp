// `quartermaster verify`: do the plugins' queries fit the database as it is?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <quartermaster/connection.hpp>
#include <set>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/verify.hpp"

namespace qm::cli {
namespace {

std::unique_ptr<Connection> connect(Context& context) {
  const DatabaseConfig& database = context.config().database;
  return Connection::open({.url = database.url, .query_timeout = database.query_timeout},
                          Clock::now() + database.connect_timeout, context.host().observer());
}

Node::Array mismatch_rows(const std::vector<Mismatch>& mismatches) {
  Node::Array rows;
  for (const Mismatch& mismatch : mismatches) {
    rows.emplace_back(Node::Object{{"query", mismatch.query},
                                   {"what", mismatch.what},
                                   {"expected", mismatch.expected},
                                   {"found", mismatch.found}});
  }
  return rows;
}

void verify(Context& context) {
  context.require_database();
  Host& host = context.host();
  const auto connection = connect(context);
  Node::Array plugins;
  std::vector<Mismatch> all;
  std::size_t checked = 0;
  host.pool();  // from now on the host knows how far each schema is
  for (const PluginInfo& plugin : host.plugins()) {
    if (plugin.state != PluginState::loaded) continue;
    // What needs a later schema, or a plugin that is not there, cannot fit and need not.
    std::vector<const RegisteredQuery*> queries;
    std::copy_if(plugin.queries.begin(), plugin.queries.end(), std::back_inserter(queries),
                 [&](const RegisteredQuery* query) { return !host.unavailable(*query); });
    std::vector<Mismatch> found = verify_queries(*connection, queries);
    std::set<std::string> failed;
    for (const Mismatch& mismatch : found)
      failed.insert(mismatch.query);
    plugins.emplace_back(Node::Object{{"plugin", plugin.id},
                                      {"queries", plugin.queries.size()},
                                      {"unavailable", plugin.queries.size() - queries.size()},
                                      {"failures", failed.size()}});
    checked += queries.size();
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  }
  const bool nothing_there = checked == 0 && !plugins.empty();
  if (!all.empty() || nothing_there) context.exit_code = exit_failed;
  if (context.output() == Context::Output::json) {
    context.print_record({{"plugins", std::move(plugins)}, {"mismatches", mismatch_rows(all)}});
    return;
  }
  context.print_table({{"plugin"}, {"queries"}, {"unavailable"}, {"failures"}}, std::move(plugins));
  if (nothing_there) {
    context.say("\nnone of the plugins' versions is applied: see 'quartermaster migrate status'");
    return;
  }
  if (all.empty()) {
    context.say(fmt::format("\nall {} queries fit the database", checked));
    return;
  }
  context.print_text("\n");
  context.print_table(
      {{"query"}, {"what"}, {"expected"}, {.key = "found", .title = {}, .max_width = 120}},
      mismatch_rows(all));
  const bool missing = std::any_of(all.begin(), all.end(), [](const Mismatch& mismatch) {
    return mismatch.found.starts_with("42P01") || mismatch.found.starts_with("42703");
  });
  if (missing) context.say("\ntables or columns are missing: see 'quartermaster migrate status'");
}

}  // namespace

void add_verify_command(CLI::App& app, Context& context) {
  app.add_subcommand("verify",
                     "Compare every query with the database, executing none; exit 1 on a mismatch")
      ->callback([&context] { verify(context); });
}

}  // namespace qm::cli
