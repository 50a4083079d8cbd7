// How every shipped query is planned, whatever its arguments: with sequential scans priced out of
// the way, one that is left has no index to serve its filter. Those that have to be so are reviewed
// and listed, with the reason, in tests/data/sequential_scans.txt.
#include <fmt/format.h>

#include <algorithm>
#include <quartermaster/connection.hpp>
#include <set>

#include "database_text.hpp"
#include "shipped_host.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

// "prepare q (uuid, text) as ..."
std::string prepare_statement(const RegisteredQuery& query) {
  std::string types;
  for (const QueryValue& parameter : query.parameters)
    types += (types.empty() ? "" : ", ") + parameter.type;
  return fmt::format("prepare q {} as {}", types.empty() ? "" : "(" + types + ")", query.sql);
}

std::string explain_statement(const RegisteredQuery& query) {
  std::string nulls;
  for (std::size_t i = 0; i < query.parameters.size(); ++i)
    nulls += nulls.empty() ? "null" : ", null";
  return fmt::format("explain (costs off) execute q {}", nulls.empty() ? "" : "(" + nulls + ")");
}

// The tables that a plan reads from end to end.
std::set<std::string> scanned_tables(const std::string& plan) {
  static const std::string mark = "Seq Scan on ";
  std::set<std::string> tables;
  for (std::size_t at = plan.find(mark); at != plan.npos; at = plan.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    tables.insert(plan.substr(begin, plan.find_first_of(" \n", begin) - begin));
  }
  return tables;
}

// "plugin.Query table", without the reasons.
std::set<std::string> reviewed() {
  std::set<std::string> scans;
  const std::string text = expected("sequential_scans.txt");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t table = line.find(' ');
    const std::size_t reason = line.find(' ', table + 1);
    EXPECT_NE(reason, line.npos) << "no reason: " << line;
    if (!line.empty()) scans.insert(line.substr(0, reason));
    begin = end + 1;
  }
  return scans;
}

TEST(Plans, UseAnIndexWhereOneCanServe) {
  const TestDatabase database;
  Host host(shipped_config(database.url(), {"shared", "movie", "tvshow", "qar"}));
  host.migrator().up();
  const auto connection =
      Connection::open({.url = database.url()}, Clock::now() + std::chrono::seconds(30));
  connection->execute_script("set plan_cache_mode = force_generic_plan; set enable_seqscan = off");
  std::set<std::string> unexpected = reviewed();
  std::size_t planned = 0;
  for (const PluginInfo& plugin : host.plugins()) {
    for (const RegisteredQuery* query : plugin.queries) {
      if (query->kind == QueryKind::copyfrom) continue;  // COPY has no plan
      connection->execute_script(prepare_statement(*query));
      const std::string plan = column(*connection, explain_statement(*query));
      connection->execute_script("deallocate q");
      ++planned;
      for (const std::string& table : scanned_tables(plan)) {
        const std::string scan = query->full_name + " " + table;
        EXPECT_EQ(unexpected.erase(scan), 1U)
            << scan << " is read from end to end and not listed:\n"
            << plan;
      }
    }
  }
  EXPECT_GE(planned, 490U);
  EXPECT_THAT(unexpected, testing::IsEmpty()) << "listed, and served by an index by now";
}

}  // namespace
}  // namespace qm::test
