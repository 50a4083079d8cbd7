// Migrations that fail on the way: what is said, what is kept, and how it goes on. Needs a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/migrator.hpp>

#include "database_text.hpp"
#include "refusal.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Migration first() {
  return made_up_migration(1, "one", "create table public.t (a int, b int)", "drop table public.t");
}

TEST(Failures, StatementErrorSaysWhereAndKeepsNothingOfItsVersion) {
  const TestDatabase database;
  const std::string url = database.url();
  Migrator migrator(url,
                    {made_up_plugin("made", {first(), made_up_migration(2, "two", R"(-- A comment.
create table public.u (a int);

alter table public.t
  add column c int,
  add column d no_such_type;
select 1;
)"),
                                             made_up_migration(3, "three", "select 3")})});
  EXPECT_THAT(
      refusal<MigrationError>([&] { migrator.up(); }),
      AllOf(HasSubstr("000002_two.up.sql:6"), HasSubstr("(made)"), HasSubstr("statement 2 of 3"),
            HasSubstr("type \"no_such_type\" does not exist"), HasSubstr("42704"),
            HasSubstr("nothing of this version was kept")));
  EXPECT_EQ(migrator.version().version, 1U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(column(url, "select to_regclass('public.u') is null"), "t");
  EXPECT_EQ(migrator.status()[1].state, MigrationState::pending);
  EXPECT_THAT(column(url,
                     "select version || ' ' || outcome || ' ' || reason from "
                     "quartermaster.migration_events where outcome <> 'applied'"),
              AllOf(HasSubstr("2 failed"), HasSubstr("42704")));
}

TEST(Failures, DownThatFailsKeepsItsVersion) {
  const TestDatabase database;
  const std::string url = database.url();
  Migrator migrator(
      url, {made_up_plugin("made", {made_up_migration(
                                       1, "one", "create table public.t (a int)",
                                       "drop table public.t;\ndrop table public.no_such_table")})});
  migrator.up();
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.down(); }),
              AllOf(HasSubstr("000001_one.down.sql:2"), HasSubstr("42P01")));
  EXPECT_EQ(migrator.version().version, 1U);
  EXPECT_EQ(column(url, "select to_regclass('public.t') is not null"), "t");
}

// An error that only COMMIT finds.
TEST(Failures, DeferredConstraintLeavesTheVersionUnapplied) {
  const TestDatabase database;
  Migrator migrator(database.url(), {made_up_plugin("made", {made_up_migration(1, "one", R"(
create table public.p (id int primary key);
create table public.c (p int references public.p deferrable initially deferred);
insert into public.c values (1);)")})});
  EXPECT_THAT(refusal<Error>([&] { migrator.up(); }), HasSubstr("23503"));
  EXPECT_EQ(migrator.version().version, 0U);
  EXPECT_EQ(column(database.url(), "select to_regclass('public.c') is null"), "t");
}

class WithoutTransaction : public ::testing::Test {
 protected:
  std::string ask(const std::string& sql) const { return column(database.url(), sql); }
  std::string index_is_valid(const std::string& name) const {
    return ask("select indisvalid from pg_index where indexrelid = to_regclass('public." + name +
               "')");
  }

  const TestDatabase database;
  Migrator migrator{
      database.url(),
      {made_up_plugin("made",
                      {first(), made_up_migration(2, "indexes", R"(-- quartermaster: no-transaction
create index concurrently t_a on public.t (a);
create unique index concurrently t_b on public.t (b);
comment on index public.t_b is 'done';
)",
                                                  R"(drop index concurrently public.t_b;
drop index concurrently public.t_a;
)",
                                                  false)})}};
};

TEST_F(WithoutTransaction, StopsHalfWayAndGoesOnThere) {
  migrator.to(1);
  run_sql(database.url(), "insert into public.t values (1, 1), (2, 1)");
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.up(); }),
              AllOf(HasSubstr("000002_indexes.up.sql:3"), HasSubstr("statement 2 of 3"),
                    HasSubstr("23505"), Not(HasSubstr("nothing of this version was kept"))));
  EXPECT_EQ(migrator.version().version, 2U);
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_EQ(migrator.status()[1].state, MigrationState::dirty);
  EXPECT_EQ(index_is_valid("t_a"), "t");
  EXPECT_EQ(index_is_valid("t_b"), "f");
  EXPECT_EQ(ask("select statements_done from quartermaster.migrations where version = 2"), "1");

  // The same again as long as the cause is there; nothing forces it clean.
  refusal<MigrationError>([&] { migrator.up(); });
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.down(); }), HasSubstr("stopped half-way"));
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.to(1); }), HasSubstr("stopped half-way"));

  const std::string finished = ask("select 'public.t_a'::regclass::oid");
  run_sql(database.url(), "delete from public.t where a = 2");
  EXPECT_EQ(migrator.up().size(), 1U);
  EXPECT_EQ(migrator.version().version, 2U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(index_is_valid("t_b"), "t");
  EXPECT_EQ(ask("select 'public.t_a'::regclass::oid"), finished);
  EXPECT_EQ(ask("select obj_description('public.t_b'::regclass)"), "done");
  EXPECT_EQ(ask("select string_agg(outcome, ', ' order by id) from quartermaster.migration_events "
                "where version = 2"),
            "started, failed, failed, applied");
}

TEST_F(WithoutTransaction, GoesDownHalfWayAndOn) {
  migrator.up();
  // The second statement of the way back finds nothing to drop.
  run_sql(database.url(), "alter index public.t_a rename to elsewhere");
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.down(); }),
              AllOf(HasSubstr("000002_indexes.down.sql:2"), HasSubstr("42704")));
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.up(); }),
              HasSubstr("its way down stopped half-way"));
  run_sql(database.url(), "alter index public.elsewhere rename to t_a");
  EXPECT_EQ(migrator.down().size(), 1U);
  EXPECT_EQ(migrator.version().version, 1U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(index_is_valid("t_a"), "");
}

// A file whose own mistake stopped it can be mended from there on, and only there.
TEST(Failures, FileThatStoppedHalfWayIsMended) {
  const TestDatabase database;
  const auto run = [&](const std::string& sql) {
    Migrator migrator(
        database.url(),
        {made_up_plugin("made", {first(), made_up_migration(2, "two", sql, "", false)})});
    return migrator.up().size();
  };
  const std::string done = "create index concurrently t_a on public.t (a);\n";
  EXPECT_THAT(
      refusal<MigrationError>([&] { run(done + "create index concurrently t_b on public.t (c)"); }),
      HasSubstr("42703"));
  EXPECT_THAT(refusal<MigrationError>([&] {
                run("create index concurrently t_x on public.t (a);\n"
                    "create index concurrently t_b on public.t (b)");
              }),
              AllOf(HasSubstr("000002_two.up.sql (made)"), HasSubstr("its first 1 statements")));
  const std::string mended =
      "-- Mended.\n" + done + "create index concurrently t_b on public.t (b)";
  EXPECT_EQ(run(mended), 1U);
  EXPECT_EQ(run(mended), 0U);
  const Migrator now(
      database.url(),
      {made_up_plugin("made", {first(), made_up_migration(2, "two", mended, "", false)})});
  EXPECT_EQ(now.status()[1].state, MigrationState::applied);
}

// The index on a partitioned table is not valid until each partition has its own: no left-over.
TEST(Failures, IndexOfAPartitionedTableIsNotTakenForALeftOver) {
  const TestDatabase database;
  Migrator migrator(database.url(), {made_up_plugin("made", {made_up_migration(1, "table", R"(
create table public.parted (a int) partition by range (a);
create table public.part partition of public.parted for values from (0) to (10);)"),
                                                             made_up_migration(2, "index", R"(
create index parted_a on only public.parted (a);
create index concurrently part_a on public.part (a);
alter index public.parted_a attach partition public.part_a;)",
                                                                               "", false)})});
  EXPECT_EQ(migrator.up().size(), 2U);
  EXPECT_EQ(column(database.url(),
                   "select indisvalid from pg_index where indexrelid = "
                   "'public.parted_a'::regclass"),
            "t");
}

// Somebody else's unfinished index is none of a migration's business.
TEST(Failures, InvalidIndexOfOthersIsLeftAlone) {
  const TestDatabase database;
  const std::string url = database.url();
  Migrator migrator(url, {made_up_plugin("made", {first(), made_up_migration(2, "two", R"(
create index concurrently t_ab on public.t (a, b);)",
                                                                             "", false)})});
  migrator.to(1);
  run_sql(url, "insert into public.t values (1, 1), (1, 1)");
  refusal<ServerError>(
      [&] { run_sql(url, "create unique index concurrently t_a on public.t (a)"); });
  EXPECT_EQ(migrator.up().size(), 1U);
  EXPECT_EQ(
      column(url, "select indisvalid from pg_index where indexrelid = 'public.t_a'::regclass"),
      "f");
}

}  // namespace
}  // namespace qm::test
