// `quartermaster stats`: the pool's figures of a running host, read from its /metrics.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <quartermaster/error.hpp>
#include <set>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/http_get.hpp"
#include "cli/pool_table.hpp"

namespace qm::cli {
namespace {

using namespace std::chrono_literals;

std::string configured_url(Context& context) {
  const HttpConfig& http = context.config().http;
  const bool v6 = http.address.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", v6 ? "[" : "", http.address, v6 ? "]" : "", http.port);
}

void show(Context& context, std::string url) {
  if (url.empty()) url = configured_url(context);
  while (url.ends_with('/'))
    url.pop_back();
  if (!url.ends_with("/metrics")) url += "/metrics";
  const bool json = context.output() == Context::Output::json;
  Node::Array rows = pool_rows(http_get(url, 5s), json ? Durations::seconds : Durations::readable);
  if (rows.empty()) {
    throw ProtocolError({.object = url,
                         .expected = "db_pool_* metrics",
                         .found = "none",
                         .hint = "does a Quartermaster host listen there?"});
  }
  std::set<std::string> pools;
  for (const Node& row : rows)
    pools.insert(row.find("pool")->text());
  context.print_table(pool_columns(pools.size() > 1), std::move(rows));
}

}  // namespace

void add_stats_command(CLI::App& app, Context& context) {
  const auto url = std::make_shared<std::string>();
  CLI::App* stats = app.add_subcommand("stats", "Show the pool's figures of a running host");
  stats->add_option("--url", *url, "Where its status endpoint is; else http.address and http.port")
      ->type_name("URL");
  stats->callback([url, &context] { show(context, *url); });
}

}  // namespace qm::cli
