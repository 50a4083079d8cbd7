// Fifty processes start at once, on a database that lacks three versions, one of which makes
// indexes while others work: as when a cluster is deployed. Needs a server.
#include <gtest/gtest.h>

#include "interrupted.hpp"

namespace qm::test {
namespace {

constexpr std::size_t starters = 50;

void start_all(const std::string& url, std::uint32_t version) {
  std::vector<std::unique_ptr<MigratingProcess>> processes;
  for (std::size_t i = 0; i < starters; ++i)
    processes.push_back(std::make_unique<MigratingProcess>(url, "starters", version));
  for (const auto& process : processes) {
    const int status = process->wait();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
}

class Starters : public ::testing::TestWithParam<int> {};

TEST_P(Starters, ApplyEachVersionOnce) {
  const TestDatabase database;
  const std::string url = database.url();
  start_all(url, 4);
  EXPECT_EQ(column(url,
                   "select string_agg(version || ' ' || outcome, ', ' order by id) from "
                   "quartermaster.migration_events"),
            "1 applied, 2 applied, 3 started, 3 applied, 4 applied");
  EXPECT_EQ(column(url,
                   "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where "
                   "relname = 't' and indisvalid"),
            "2");
}

INSTANTIATE_TEST_SUITE_P(Rounds, Starters, ::testing::Range(0, 20));

// Somebody holds the lock all the time: those who have nothing to do do not ask for it.
TEST(StartersWithNothingPending, TakeNoLock) {
  const TestDatabase database;
  const std::string url = database.url();
  start_all(url, 4);
  const auto holder = connect(url);
  holder->execute_script("select pg_advisory_lock(x'716d206d69677238'::bigint)");
  start_all(url, 4);
  EXPECT_EQ(column(*holder,
                   "select count(*) from pg_locks where locktype = 'advisory' and database = "
                   "(select oid from pg_database where datname = current_database())"),
            "1");
}

}  // namespace
}  // namespace qm::test
