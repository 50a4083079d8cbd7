// `migrate` as a program: up and down through all versions, and Ctrl-C in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <quartermaster/connection.hpp>
#include <quartermaster/row.hpp>
#include <quartermaster/transaction.hpp>

#include "program.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::unique_ptr<Connection> connect(const std::string& url) {
  return Connection::open({.url = url}, Clock::now() + std::chrono::seconds(30));
}

Outcome migrate(const TestDatabase& database, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "migrate");
  arguments.insert(arguments.end(), {"--database-url", database.url()});
  return run(std::move(arguments));
}

std::string version(const TestDatabase& database) {
  return migrate(database, {"version"}).out;
}

TEST(Migrate, GoesUpToZeroAndUpAgain) {
  const TestDatabase database;
  EXPECT_EQ(version(database), "0\n");
  EXPECT_THAT(migrate(database, {"plan"}).out,
              AllOf(HasSubstr("-- 000001 create_schemas (shared) up"), HasSubstr("000302")));
  EXPECT_EQ(version(database), "0\n") << "a plan changes nothing";

  Outcome outcome = migrate(database, {"up"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("45 versions in"));
  EXPECT_EQ(version(database), "302\n");
  EXPECT_THAT(migrate(database, {"status"}).out, HasSubstr("\n45 applied\n"));
  EXPECT_THAT(migrate(database, {"up"}).err, HasSubstr("nothing to do"));

  outcome = migrate(database, {"to", "0"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(version(database), "0\n");

  EXPECT_EQ(migrate(database, {"up"}).exit_code, 0);
  EXPECT_EQ(migrate(database, {"down"}).exit_code, 0);
  EXPECT_EQ(version(database), "301\n");
}

TEST(Migrate, AcceptsEditedVersionsWhenTold) {
  const TestDatabase database;
  EXPECT_EQ(migrate(database, {"to", "3"}).exit_code, 0);
  EXPECT_EQ(migrate(database, {"repair"}).out, "nothing to repair\n");
  connect(database.url())
      ->execute(
          "update quartermaster.migrations set checksum = 'of before' "
          "where version = 2");
  EXPECT_THAT(migrate(database, {"status"}).out, HasSubstr("modified"));
  EXPECT_THAT(migrate(database, {"up"}).err, HasSubstr("quartermaster migrate repair"));
  EXPECT_EQ(migrate(database, {"repair", "3"}).exit_code, 1);
  EXPECT_EQ(migrate(database, {"repair", "2"}).out,
            "accepted the new text of 000002 create_users_table (shared)\n");
  EXPECT_EQ(migrate(database, {"repair", "--output", "json"}).out, "[]\n");
}

TEST(Migrate, ComparesTheSchemaWithItsVersions) {
  const TestDatabase database;
  EXPECT_EQ(migrate(database, {"to", "26"}).exit_code, 0);
  Outcome outcome = migrate(database, {"verify"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.out, "the schema is what its 26 applied versions make\n");
  connect(database.url())
      ->execute_script(
          "alter table public.movies drop column budget, alter column title drop not "
          "null; create index by_hand on public.movies (year); create table mine ()");
  outcome = migrate(database, {"verify"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(
      outcome.out,
      AllOf(HasSubstr("column public.movies.budget"), HasSubstr("column public.movies.title"),
            HasSubstr("index public.movies.by_hand"), Not(HasSubstr("mine")),
            HasSubstr("\n3 differences from what the applied versions make\n")));
  EXPECT_THAT(migrate(database, {"verify", "--output", "json"}).out,
              AllOf(HasSubstr(R"("object": "column public.movies.budget")"),
                    HasSubstr(R"("found": null)")));
  const TestDatabase scratch;
  EXPECT_EQ(migrate(database, {"verify", "--scratch", scratch.url()}).exit_code, 1);
  EXPECT_THAT(migrate(database, {"verify", "--scratch", scratch.url()}).err,
              HasSubstr("expected an empty database"))
      << "the second time it is not empty";
}

TEST(Migrate, TakesOverADatabaseOfGolangMigrate) {
  const TestDatabase database;
  EXPECT_EQ(migrate(database, {"to", "20"}).exit_code, 0);
  connect(database.url())
      ->execute_script(
          "drop schema quartermaster cascade; "
          "create table schema_migrations (version bigint primary key, dirty boolean not null); "
          "insert into schema_migrations values (21, true)");
  const char* const found = "recorded: version 21, dirty\nthe schema is that of version 20\n";
  EXPECT_EQ(migrate(database, {"adopt", "--dry-run"}).out,
            std::string(found) +
                "would adopt 20 versions, the last one 000020 add_mfa_to_sessions (shared)\n");
  EXPECT_EQ(version(database), "0\n");
  EXPECT_THAT(migrate(database, {"adopt", "--dry-run", "--output", "json"}).out,
              AllOf(HasSubstr(R"("recorded": 21)"), HasSubstr(R"("dirty": true)"),
                    HasSubstr(R"("former": 20)"), HasSubstr(R"("version": 20,)")));
  Outcome outcome = migrate(database, {"adopt", "--at", "19"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("column shared.sessions.mfa_verified: expected nothing"));
  EXPECT_EQ(migrate(database, {"adopt"}).out,
            std::string(found) +
                "adopted 20 versions, the last one 000020 add_mfa_to_sessions (shared)\n");
  EXPECT_EQ(version(database), "20\n");
  outcome = migrate(database, {"up"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(migrate(database, {"verify"}).exit_code, 0);
}

TEST(Migrate, WaitsForLocksAsLongAsItIsTold) {
  const TestDatabase database;
  EXPECT_EQ(migrate(database, {"to", "19", "--lock-timeout", "500ms"}).exit_code, 0);
  for (const char* wrong : {"", "0", "soon", "-1s", "500us", "1.5s"}) {
    const Outcome outcome = migrate(database, {"up", "--lock-timeout", wrong});
    EXPECT_EQ(outcome.exit_code, 2) << wrong;
    EXPECT_THAT(outcome.err, HasSubstr("--lock-timeout")) << wrong;
  }
  const auto application = connect(database.url());
  application->execute_script("begin; lock table shared.sessions in access share mode");
  const Outcome outcome = migrate(database, {"up", "--lock-timeout", "10ms", "--wait", "0"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("migration 000020"));
}

TEST(Migrate, SpeaksJson) {
  const TestDatabase database;
  const Outcome up = migrate(database, {"up", "--output", "json"});
  EXPECT_EQ(up.exit_code, 0);
  EXPECT_THAT(up.out,
              StartsWith("[\n  {\n    \"version\": 1,\n    \"direction\": \"up\",\n    "
                         "\"slug\": \"create_schemas\",\n    \"plugin\": \"shared\"\n  },"));
  EXPECT_EQ(up.err, "");
  EXPECT_EQ(migrate(database, {"version", "--output", "json"}).out,
            "{\n  \"version\": 302,\n  \"dirty\": false\n}\n");
  EXPECT_THAT(
      migrate(database, {"status", "--output", "json"}).out,
      AllOf(ContainsRegex("\"version\": 302,\n    \"slug\": \"network_tmdb_id_nullable\",\n    "
                          "\"plugin\": \"tvshow\",\n    \"state\": \"applied\",\n    "
                          "\"applied_at\": \"20[^\"]*Z\",\n    \"applied_by\": "
                          "\"[^\"]*\",\n    \"duration_seconds\": [0-9.e-]+\n"),
            Not(HasSubstr("45 applied"))));
  EXPECT_EQ(migrate(database, {"plan", "--output", "json"}).out, "[]\n");
}

TEST(Migrate, RefusesAVersionThatNobodyHas) {
  const TestDatabase database;
  const Outcome outcome = migrate(database, {"to", "4711"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("4711"));
}

// Blocks version 27, which changes shared.casbin_rule, until somebody waits for the lock.
class BlockedMigration {
 public:
  explicit BlockedMigration(const TestDatabase& database)
      : connection_(connect(database.url())), transaction_(*connection_) {
    transaction_.execute("lock table shared.casbin_rule in access exclusive mode");
  }
  void wait_until_somebody_waits() {
    while (get<std::int64_t>(transaction_.execute("select count(*) from pg_catalog.pg_locks l "
                                                  "join pg_catalog.pg_database d on d.oid = "
                                                  "l.database where not l.granted and d.datname "
                                                  "= current_database()"),
                             0, "count") == 0) {
    }
  }
  void release() { transaction_.rollback(); }

 private:
  std::unique_ptr<Connection> connection_;
  Transaction transaction_;
};

TEST(Migrate, LeavesNothingHalfDoneOnCtrlC) {
  const TestDatabase database;
  ASSERT_EQ(migrate(database, {"to", "26"}).exit_code, 0);
  BlockedMigration blocked(database);
  Program program({"migrate", "up", "--database-url", database.url()});
  blocked.wait_until_somebody_waits();
  program.send(SIGINT);
  const Outcome outcome = program.finish();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  blocked.release();
  EXPECT_EQ(version(database), "26\n");
  EXPECT_EQ(migrate(database, {"up"}).exit_code, 0);
  EXPECT_EQ(version(database), "302\n");
}

}  // namespace
}  // namespace qm::test
