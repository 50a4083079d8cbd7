// The process that migrates is killed: what stays is a clean version, and the next run goes on.
// Needs a server.
#include "interrupted.hpp"

namespace qm::test {
namespace {

struct Point {
  const char* name;
  std::uint32_t prepared;  // the version before the run
  const char* hold;        // what the run is made to wait for
  std::uint32_t kept;      // the version after the kill
};

// How gtest names a parameter in its output.
void PrintTo(const Point& point, std::ostream* out) {
  *out << point.name;
}

class KilledAt : public Interrupted, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledAt, LeavesACleanVersion) {
  const Point& point = GetParam();
  up_populated(url, point.prepared);
  hold(point.hold);
  MigratingProcess process(url, "shipped", 32);
  const int backend = wait_until_held();
  EXPECT_TRUE(WIFSIGNALED(process.kill()));
  release();
  wait_until_gone(backend);
  expect_at(point.kept);
}

INSTANTIATE_TEST_SUITE_P(
    Points, KilledAt,
    ::testing::Values(
        // The first statement of the next version.
        Point{"AtTheStart", 2, "lock table shared.users in row exclusive mode", 2},
        // Some versions into the run, at an ALTER TABLE.
        Point{"AfterSomeVersions", 12, "lock table shared.sessions in access share mode", 19},
        // In the middle of a version: another session is making its second table.
        Point{"BetweenTables", 23, "create table public.movie_collection_members ()", 23},
        // At rows, not tables.
        Point{"AtPolicyLines", 28, "lock table shared.casbin_rule in share mode", 28},
        Point{"AtFilledTable", 30, "lock table public.movies in access share mode", 30},
        // The last version makes a schema of its own.
        Point{"AtTheLastVersion", 31, "create schema tvshow", 31}),
    [](const auto& point) { return std::string(point.param.name); });

class Killed : public Interrupted {};

// COMMIT was sent, and nobody is there for the answer: the version is applied.
TEST_F(Killed, WhileCommitting) {
  Migrator(url, base_plugins()).to(5);
  hold_commit_of(6);
  MigratingProcess process(url, "shipped", 32);
  const int backend = wait_until_held();
  EXPECT_EQ(column(*watcher, fmt::format("select lower(query) from pg_stat_activity where pid = {}",
                                         backend)),
            "commit");
  process.kill();
  release();
  wait_until_gone(backend);
  let_commits_be();
  expect_at(6);
}

TEST_F(Killed, OnTheWayDown) {
  up_populated(url, 27);
  hold("lock table shared.sessions in access share mode");
  MigratingProcess process(url, "shipped", 0);
  const int backend = wait_until_held();
  process.kill();
  release();
  wait_until_gone(backend);
  expect_at(20);
}

// While the dead process' backend still works, the next run waits for it.
TEST_F(Killed, AndTheNextRunIsThereAtOnce) {
  Migrator migrator(url, base_plugins());
  migrator.to(19);
  hold("lock table shared.sessions in access share mode");
  MigratingProcess process(url, "shipped", 32);
  wait_until_held();
  process.kill();
  MigratorOptions options;
  options.progress = [&](const MigrationProgress& progress) {
    if (progress.stage == MigrationProgress::Stage::waiting_for_lock) release();
  };
  EXPECT_EQ(migrator.up(options).size(), 13U);
  EXPECT_EQ(catalog_facts(url), expected("catalog_032.txt"));
}

class KilledMakingIndexes : public Interrupted {
 protected:
  std::string valid_indexes() {
    return column(
        *watcher,
        "select string_agg(indexrelid::regclass || ' ' || indisvalid, ', ' order by "
        "indexrelid::regclass::text) from pg_index where indrelid = 'public.t'::regclass");
  }
  void expect_done() {
    EXPECT_EQ(migrator.version().version, 2U);
    EXPECT_FALSE(migrator.version().dirty);
    EXPECT_EQ(valid_indexes(), "t_a true, t_b true");
  }
  // Kills the run while it makes the first index, whose backend goes on with it unless ended.
  int kill_in_first_index() {
    migrator.to(1);
    hold("lock table public.t in row exclusive mode");
    MigratingProcess process(url, "index", 2);
    const int backend = wait_until_held();
    process.kill();
    return backend;
  }

  Migrator migrator{url, index_plugins()};
};

// The server makes the index although nobody waits for it any more.
TEST_F(KilledMakingIndexes, WhichTheServerFinishes) {
  const int backend = kill_in_first_index();
  release();
  wait_until_gone(backend);
  EXPECT_EQ(valid_indexes(), "t_a true");
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_EQ(migrator.up().size(), 1U);
  expect_done();
}

// The server is stopped, too, and an invalid index is left.
TEST_F(KilledMakingIndexes, WhichTheServerDoesNotFinish) {
  const int backend = kill_in_first_index();
  column(*watcher, fmt::format("select pg_terminate_backend({})", backend));
  wait_until_gone(backend);
  release();
  EXPECT_EQ(valid_indexes(), "t_a false");
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_EQ(migrator.up().size(), 1U);
  expect_done();
}

TEST_F(KilledMakingIndexes, OnTheWayDown) {
  migrator.up();
  hold("lock table public.t in row exclusive mode");
  MigratingProcess process(url, "index", 1);
  const int backend = wait_until_held();
  process.kill();
  release();
  wait_until_gone(backend);
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_EQ(migrator.down().size(), 1U);
  EXPECT_EQ(migrator.version().version, 1U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(valid_indexes(), "(null)");
}

}  // namespace
}  // namespace qm::test
