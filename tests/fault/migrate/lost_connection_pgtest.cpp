// The server ends the migrator's session: the migrator says so, what stays is a clean version, and
// the next run goes on. Needs a server.
#include <future>
#include <quartermaster/error.hpp>
#include <random>

#include "interrupted.hpp"
#include "refusal.hpp"

namespace qm::test {
namespace {

class LostConnection : public Interrupted {
 protected:
  // What up() is refused with when its session is ended as soon as it waits.
  std::string cut_off(const std::vector<PluginInfo>& plugins) {
    auto message = std::async(std::launch::async, [&] {
      MigratorOptions options;
      options.lock_timeout = std::chrono::minutes{5};
      return refusal<Error>([&] { Migrator(url, plugins).up(options); });
    });
    const int backend = wait_until_held();
    column(*watcher, fmt::format("select pg_terminate_backend({})", backend));
    wait_until_gone(backend);
    release();
    return message.get();
  }
};

TEST_F(LostConnection, InAStatement) {
  up_populated(url, 12);
  hold("lock table shared.sessions in access share mode");
  const std::string message = cut_off(base_plugins());
  EXPECT_NE(message.find("57P01"), std::string::npos) << message;
  EXPECT_NE(message.find("000020_add_mfa_to_sessions.up.sql"), std::string::npos) << message;
  expect_at(19);
}

TEST_F(LostConnection, InTheMiddleOfAVersion) {
  up_populated(url, 23);
  hold("create table public.movie_collection_members ()");
  cut_off(base_plugins());
  expect_at(23);
}

TEST_F(LostConnection, WhileCommitting) {
  Migrator(url, base_plugins()).to(5);
  hold_commit_of(6);
  cut_off(base_plugins());
  let_commits_be();
  expect_at(5);
}

TEST_F(LostConnection, MakingAnIndex) {
  Migrator migrator(url, index_plugins());
  migrator.to(1);
  hold("lock table public.t in row exclusive mode");
  const std::string message = cut_off(index_plugins());
  EXPECT_NE(message.find("000002_indexes.up.sql:1"), std::string::npos) << message;
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_EQ(migrator.up().size(), 1U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(column(url,
                   "select bool_and(indisvalid) and count(*) = 2 from pg_index where indrelid = "
                   "'public.t'::regclass"),
            "t");
}

// At a moment that depends on a seed and on how the threads run: after any report of progress, in
// the middle of what follows it.
class LostConnectionAtRandom : public ::testing::TestWithParam<unsigned> {};

TEST_P(LostConnectionAtRandom, IsGoneOnFrom) {
  const TestDatabase database;
  const std::string url = database.url();
  const auto watcher = connect(url);
  std::minstd_rand random(GetParam());
  Migrator migrator(url, all_plugins());
  int cuts = 0;
  for (bool done = false; !done;) {
    std::size_t reports = std::uniform_int_distribution<std::size_t>(1, 250)(random);
    std::future<std::string> cut;
    MigratorOptions options;
    options.progress = [&](const MigrationProgress&) {
      if (reports == 0 || --reports > 0) return;
      cut = std::async(std::launch::async, [&] {
        return column(*watcher,
                      "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname "
                      "= current_database() and application_name = 'quartermaster-migrate'");
      });
    };
    try {
      migrator.up(options);
      done = true;
    } catch (const Error&) {
      ++cuts;
    }
    if (cut.valid()) {
      EXPECT_EQ(cut.get(), "1");
    }
    // A dirty one has no catalog of its own.
    if (!migrator.version().dirty) {
      EXPECT_TRUE(migrator.drift().empty());
    }
  }
  EXPECT_GE(cuts, 1);
  EXPECT_EQ(column(url, "select count(*) from quartermaster.migrations where dirty is null"), "60");
}

INSTANTIATE_TEST_SUITE_P(Seeds, LostConnectionAtRandom, ::testing::Range(1U, 9U));

}  // namespace
}  // namespace qm::test
