// Every shipped query over random rows full of NULLs: no column that is typed as never NULL yields
// one, and no query of exactly one row gives another number.
#include <fmt/format.h>

#include <algorithm>
#include <quartermaster/error.hpp>
#include <span>

#include "database_text.hpp"
#include "random_rows.hpp"
#include "shipped_host.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

class Proof {
 public:
  Proof(Connection& connection, std::span<const PluginInfo> plugins)
      : connection_(connection), random_(connection, 20240501) {
    for (const PluginInfo& plugin : plugins) {
      for (const RegisteredQuery* query : plugin.queries) {
        if (query->kind == QueryKind::copyfrom || query->columns.empty()) continue;
        std::string types;
        for (const QueryValue& parameter : query->parameters)
          types += (types.empty() ? "" : ", ") + parameter.type;
        connection_.execute_script(fmt::format("prepare q{} {} as {}", queries_.size(),
                                               types.empty() ? "" : "(" + types + ")", query->sql));
        queries_.push_back({query});
      }
    }
  }

  // One transaction, of which nothing stays: the rows of the round, and every query `times` times.
  void round(int rows, int times) {
    connection_.execute_script("begin");
    random_.fill(rows);
    for (std::size_t i = 0; i < queries_.size(); ++i) {
      for (int time = 0; time < times; ++time)
        run(i);
    }
    connection_.execute_script("rollback");
  }

  std::size_t queries() const { return queries_.size(); }
  std::size_t nulls() const { return nulls_; }
  std::string never_run() const {
    std::string names;
    for (const Seen& seen : queries_) {
      if (seen.runs == 0) names += " " + seen.query->full_name;
    }
    return names;
  }
  std::size_t with_rows() const {
    return static_cast<std::size_t>(std::count_if(queries_.begin(), queries_.end(),
                                                  [](const Seen& seen) { return seen.rows != 0; }));
  }

 private:
  struct Seen {
    const RegisteredQuery* query = nullptr;
    int runs = 0;
    int rows = 0;
  };

  void run(std::size_t i) {
    Seen& seen = queries_[i];
    std::string arguments;
    for (const QueryValue& parameter : seen.query->parameters) {
      arguments += (arguments.empty() ? "" : ", ") + argument(parameter);
    }
    const std::string statement =
        fmt::format("execute q{}{}", i, arguments.empty() ? "" : "(" + arguments + ")");
    connection_.execute_script("savepoint before");
    try {
      look_at(seen, connection_.execute(statement), statement);
    } catch (const ServerError&) {
      // What an argument or a row does not allow: negative limits, a value that is taken.
    }
    connection_.execute_script("rollback to before");
  }

  // Pages are to have rows.
  std::string argument(const QueryValue& parameter) {
    if (parameter.name == "limit") return "5";
    if (parameter.name == "offset") return "0";
    return parameter.nullable ? random_.value_or_null(parameter.type)
                              : random_.value(parameter.type);
  }

  void look_at(Seen& seen, const Result& result, const std::string& statement) {
    ++seen.runs;
    seen.rows += result.rows();
    if (seen.query->kind == QueryKind::one) {
      EXPECT_EQ(result.rows(), 1) << seen.query->full_name << ": " << statement;
    }
    for (int row = 0; row < result.rows(); ++row) {
      for (int column = 0; column < result.columns(); ++column) {
        if (!result.field(row, column).is_null()) continue;
        ++nulls_;
        EXPECT_TRUE(seen.query->columns.at(static_cast<std::size_t>(column)).nullable)
            << seen.query->full_name << ", column " << result.column_name(column) << ": "
            << statement;
      }
    }
  }

  Connection& connection_;
  RandomRows random_;
  std::vector<Seen> queries_;
  std::size_t nulls_ = 0;
};

TEST(Nullability, HoldsForEveryShippedQuery) {
  const TestDatabase database;
  Host host(shipped_config(database.url(), {"shared", "movie", "tvshow", "qar"}));
  host.migrator().up();
  const auto connection = connect(database.url());
  Proof proof(*connection, host.plugins());
  for (int round = 0; round < 8; ++round)
    proof.round(round % 2 == 0 ? 40 : 3, 8);
  EXPECT_GE(proof.queries(), 300U);
  EXPECT_EQ(proof.never_run(), "");
  EXPECT_GE(proof.with_rows(), proof.queries() * 95 / 100);
  EXPECT_GT(proof.nulls(), 10'000U);
}

}  // namespace
}  // namespace qm::test
