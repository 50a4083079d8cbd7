// The process is killed before and after every statement and after the commit of every shipped
// version, up and down, with rows in the tables: the version is there or it is not, those outside a
// transaction are gone on with, and a plain run afterwards ends where it should. Needs a server.
#include <algorithm>
#include <sstream>

#include "interrupted.hpp"

namespace qm::test {
namespace {

std::uint32_t version_before(std::uint32_t version) {
  std::uint32_t before = 0;
  for (const std::uint32_t other : versions_of(all_plugins())) {
    if (other < version) before = other;
  }
  return before;
}

// Columns that come back have another place.
std::string without_places(const std::string& catalog) {
  std::vector<std::string> lines;
  std::istringstream in(catalog);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("column\t")) {
      const std::size_t place = line.find('\t', line.find('\t', line.find('\t') + 1) + 1);
      line.erase(place, line.find('\t', place + 1) - place);
    }
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines)
    text += line + '\n';
  return text;
}

bool is_transactional(std::uint32_t version) {
  for (const PluginInfo& plugin : all_plugins()) {
    for (const Migration& migration : plugin.migrations)
      if (migration.version == version) return migration.transactional;
  }
  return false;
}

std::vector<std::uint32_t> versions(bool transactional) {
  std::vector<std::uint32_t> found = versions_of(all_plugins());
  std::erase_if(found, [&](std::uint32_t v) { return is_transactional(v) != transactional; });
  return found;
}

class CrashMatrix : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  // A run to `target` that is killed at this report.
  MigrationVersion kill_at(std::size_t reports, std::uint32_t target) {
    MigratingProcess process(url, "all", target, reports);
    EXPECT_TRUE(WIFSIGNALED(process.wait()));
    EXPECT_TRUE(becomes(*watcher,
                        "select count(*) from pg_stat_activity where datname = "
                        "current_database() and application_name = 'quartermaster-migrate'",
                        "0"));
    return migrator.version();
  }

  // Kills runs to `target`, each one report later than the one before, until one got there. Gives
  // back how many did not; each of those left everything as it was.
  std::size_t kill_until_there(std::uint32_t target) {
    const std::string before = catalog(url);
    const std::uint32_t from = migrator.version().version;
    for (std::size_t reports = 1;; ++reports) {
      SCOPED_TRACE(fmt::format("to {}, at report {}", target, reports));
      const MigrationVersion found = kill_at(reports, target);
      EXPECT_FALSE(found.dirty);
      if (found.version == target || HasFailure()) return reports - 1;
      EXPECT_EQ(found.version, from);
      EXPECT_EQ(catalog(url), before);
    }
  }

  // The same for a version outside a transaction: after each kill a plain run ends at `target`,
  // with this catalog, and another one goes back.
  std::size_t kill_and_finish_until_there(std::uint32_t target, const std::string& wanted) {
    const std::uint32_t from = migrator.version().version;
    for (std::size_t reports = 1;; ++reports) {
      SCOPED_TRACE(fmt::format("to {}, at report {}", target, reports));
      const MigrationVersion found = kill_at(reports, target);
      if ((found.version == target && !found.dirty) || HasFailure()) return reports - 1;
      EXPECT_EQ(migrator.to(target).size(), 1U);
      EXPECT_FALSE(migrator.version().dirty);
      EXPECT_EQ(catalog(url), wanted);
      migrator.to(from);
    }
  }

  void expect_newest_without_a_trace() {
    run_sql(url, population(version));
    migrator.up();
    EXPECT_TRUE(migrator.drift().empty());
  }

  const std::uint32_t version = GetParam();
  const std::uint32_t previous = version_before(version);
  const TestDatabase database{fmt::format("populated_{}", previous), [this](const std::string& to) {
                                up_populated(to, previous, all_plugins());
                              }};
  const std::string url = database.url();
  const std::unique_ptr<Connection> watcher = connect(url);
  Migrator migrator{url, all_plugins()};
};

TEST_P(CrashMatrix, AKillLeavesTheVersionBeforeOrAfter) {
  const std::string before = catalog(url);
  EXPECT_GE(kill_until_there(version), 2U) << "before its first statement and after it";
  const std::string after = catalog(url);
  run_sql(url, population(version));

  EXPECT_GE(kill_until_there(previous), 2U);
  EXPECT_EQ(without_places(catalog(url)), without_places(before));

  ASSERT_EQ(migrator.to(version).size(), 1U);
  EXPECT_EQ(without_places(catalog(url)), without_places(after));
  expect_newest_without_a_trace();
}

INSTANTIATE_TEST_SUITE_P(Of, CrashMatrix, ::testing::ValuesIn(versions(true)));

class CrashMatrixWithoutTransaction : public CrashMatrix {};

TEST_P(CrashMatrixWithoutTransaction, TheNextRunGoesOn) {
  const std::string before = catalog(url);
  migrator.to(version);
  const std::string after = catalog(url);
  migrator.to(previous);
  EXPECT_EQ(catalog(url), before);

  EXPECT_GE(kill_and_finish_until_there(version, after), 2U);
  EXPECT_GE(kill_and_finish_until_there(previous, before), 2U);
  migrator.to(version);
  expect_newest_without_a_trace();
}

INSTANTIATE_TEST_SUITE_P(Of, CrashMatrixWithoutTransaction, ::testing::ValuesIn(versions(false)));

}  // namespace
}  // namespace qm::test
