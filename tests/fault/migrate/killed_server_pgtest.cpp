// The server is killed in the middle of a version and comes back: the version is there or it is
// not, and a plain run goes on. Starts servers of its own.
#include <gtest/gtest.h>

#include <quartermaster/error.hpp>
#include <quartermaster/migrator.hpp>
#include <thread>

#include "database_text.hpp"
#include "mortal_server.hpp"
#include "shipped_migrations.hpp"

namespace qm::test {
namespace {

class KilledServer : public ::testing::TestWithParam<std::size_t> {
 protected:
  // Goes to `target`; the server is killed at this report of progress.
  void kill_at(std::size_t reports, std::uint32_t target) {
    MigratorOptions options;
    std::thread at_once;
    options.progress = [&](const MigrationProgress&) {
      // Beside the migrator, which meanwhile sends what comes next: COMMIT for example.
      if (reports > 0 && --reports == 0) at_once = std::thread([&] { server.kill_all(); });
    };
    try {
      migrator.to(target, options);
    } catch (const Error& error) {
      errors.emplace_back(error.what());
    }
    if (at_once.joinable()) at_once.join();
    server.restart();
  }

  // What a run that was cut off leaves is one of the two, whole.
  void expect_whole(std::uint32_t one, std::uint32_t other) {
    const MigrationVersion found = migrator.version();
    EXPECT_TRUE(found.version == one || found.version == other) << found.version;
    if (!found.dirty) {
      EXPECT_TRUE(migrator.drift().empty());
    }
  }

  std::vector<std::string> errors;
  MortalServer server;
  const std::string url = server.url();
  Migrator migrator{url, all_plugins()};
};

// Every eighth version, from another one on in each instance, at its start, its middle and its end.
TEST_P(KilledServer, LeavesTheVersionBeforeOrAfter) {
  constexpr std::size_t stride = 8;
  std::uint32_t previous = 0;
  std::size_t index = 0;
  for (const std::uint32_t version : versions_of(all_plugins())) {
    if (index++ % stride == GetParam()) {
      SCOPED_TRACE(version);
      std::size_t reports = 0;
      MigratorOptions counting;
      counting.progress = [&](const MigrationProgress&) { ++reports; };
      migrator.to(version, counting);
      migrator.to(previous);
      const std::size_t point = index % 3 == 0 ? 1 : index % 3 == 1 ? reports / 2 : reports - 1;
      kill_at(std::max<std::size_t>(point, 1), version);
      expect_whole(previous, version);
      migrator.to(version);
      run_sql(url, population(version));
      kill_at(index % 2 + 1, previous);
      expect_whole(previous, version);
      // Its rows went with its tables, or neither did.
    }
    if (!migrator.to(version).empty()) run_sql(url, population(version));
    previous = version;
  }
  EXPECT_GE(errors.size(), 8U) << "most were still going";
  EXPECT_TRUE(migrator.up().empty());
  EXPECT_TRUE(migrator.drift().empty());
}

INSTANTIATE_TEST_SUITE_P(From, KilledServer, ::testing::Values(0U, 4U));

}  // namespace
}  // namespace qm::test
