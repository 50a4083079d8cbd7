// The commands that look at a database: query, verify, health, serve and stats.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <quartermaster/connection.hpp>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>

#include "cli/http_get.hpp"
#include "database_text.hpp"
#include "migrated.hpp"
#include "silent_listener.hpp"

namespace qm::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

void execute(const std::string& url, const std::string& sql) {
  Connection::open({.url = url}, Clock::now() + std::chrono::seconds(30))->execute_script(sql);
}

Outcome on(const TestDatabase& database, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--database-url", database.url()});
  return run(std::move(arguments));
}

TEST(Query, ListsAndDescribes) {
  EXPECT_THAT(run({"query", "list", "--plugin", "movie"}).out,
              AllOf(HasSubstr("movie.GetMovie "), Not(HasSubstr("shared."))));
  EXPECT_THAT(run({"query", "list", "--count"}).out, HasSubstr("total"));
  EXPECT_THAT(run({"query", "describe", "GetMovie"}).out,
              AllOf(HasSubstr("movie.GetMovie :opt"), HasSubstr("from movie.movies")));
  EXPECT_THAT(run({"query", "describe", "movie.GetMovie", "--output", "json"}).out,
              HasSubstr(R"("signature")"));
}

TEST(Query, RunsOneAndPrintsItsRows) {
  const MigratedDatabase database;
  execute(database.url(),
          "insert into movie.movies (title, year, vote_average) values ('Amélie', 2001, 8.0)");
  const std::vector<std::string> call{"query",   "run",       "movie.ListMoviesByYear",
                                      "--arg",   "year=2001", "--arg",
                                      "limit=5", "--arg",     "offset=0"};
  const Outcome text = on(database, call);
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("Amélie"), HasSubstr("1 row; null in all: ")));
  std::vector<std::string> json = call;
  json.insert(json.end(), {"--output", "json"});
  EXPECT_THAT(on(database, json).out,
              AllOf(HasSubstr(R"("title": "Amélie")"), HasSubstr(R"("vote_average": 8.0)"),
                    HasSubstr(R"("tmdb_id": null)")));
}

TEST(Query, IsCancelledOnTheServerByCtrlC) {
  const MigratedDatabase database;
  const auto other = connect(database.url());
  other->execute_script("begin; lock table movie.movies");
  Program program({"query", "run", "movie.CountMovies", "--database-url", database.url()});
  const auto admin = connect(database.url());
  const std::string waiting =
      "select count(*) from pg_stat_activity where datname = current_database() and "
      "wait_event_type = 'Lock'";
  ASSERT_TRUE(becomes(*admin, waiting, "1"));
  program.send(SIGINT);
  const Outcome outcome = program.finish();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.err, HasSubstr("movie.CountMovies: the caller gave up; the statement was"));
  EXPECT_EQ(column(*admin, waiting), "0");
}

TEST(Query, SaysWhatTheServerRefused) {
  const MigratedDatabase database;
  const Outcome outcome =
      on(database, {"query", "run", "movie.GetMovie", "--arg", "id=7", "--output", "json"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(R"("sqlstate": "22P02")"));
}

TEST(Verify, FindsAMigratedDatabaseFit) {
  const MigratedDatabase database;
  const Outcome outcome = on(database, {"verify"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("queries fit the database"));
}

// At the version that the predecessor ends with, with all plugins: what came later is told apart.
TEST(Verify, LeavesOutWhatNeedsALaterSchema) {
  const TestDatabase database;
  EXPECT_EQ(on(database, {"migrate", "to", "32"}).exit_code, 0);
  const Outcome outcome =
      on(database, {"verify", "--plugins-enabled", "shared,movie,tvshow,qar", "--output", "json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr(R"("mismatches": [])"),
                    ContainsRegex(R"("qar",\s+"queries": 148,\s+"unavailable": 148,)"),
                    ContainsRegex(R"("shared",\s+"queries": 224,\s+"unavailable": [1-9])")));
}

TEST(Verify, IsNotContentWithNothing) {
  const TestDatabase database;
  execute(database.url(), "create table public.anything ()");
  const Outcome outcome = on(database, {"verify"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out + outcome.err, HasSubstr("migrate status"));
}

TEST(Query, ListTellsWhyOneCannotRunHere) {
  const auto list = [](const char* plugins) {
    return run({"query", "list", "--plugin", "shared", "--plugins-enabled", plugins});
  };
  EXPECT_THAT(list("shared").out, HasSubstr("needs movie 202"));
  EXPECT_THAT(list("shared,movie,tvshow").out, Not(HasSubstr("needs movie")));
  const TestDatabase database;
  EXPECT_EQ(on(database, {"migrate", "up", "--plugins-enabled", "shared"}).exit_code, 0);
  const Outcome outcome =
      on(database, {"query", "run", "shared.CountTotalMovies", "--plugins-enabled", "shared"});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("plugin movie, whose tables it reads"));
  const Outcome verified = on(database, {"verify", "--plugins-enabled", "shared"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

TEST(Verify, NamesEachDifference) {
  const MigratedDatabase database;
  execute(database.url(),
          "alter table movie.movies alter column runtime type bigint;"
          "alter table movie.movie_files drop column container;");
  const Outcome outcome = on(database, {"verify"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("column runtime"), HasSubstr("integer"), HasSubstr("bigint"),
                    HasSubstr("42703"), HasSubstr("migrate status")));
  EXPECT_THAT(on(database, {"verify", "--output", "json"}).out, HasSubstr(R"("mismatches": [)"));
}

TEST(Verify, ExecutesNothing) {
  const MigratedDatabase database;
  execute(database.url(),
          "insert into movie.movies (title) values ('kept');"
          "create function public.refuse() returns trigger language plpgsql as "
          "'begin raise exception ''executed''; end';"
          "create trigger refuse before insert or update or delete on movie.movies "
          "for each statement execute function public.refuse();");
  const Outcome outcome = on(database, {"verify"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
}

TEST(Health, IsOkOnAServer) {
  const TestDatabase database;
  const Outcome outcome = on(database, {"health", "--output", "json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr(R"("state": "ok")"));
}

TEST(Health, SaysThatNobodyListens) {
  // Port 1 is never served; the refusal comes at once.
  const Outcome outcome =
      run({"health", "--database-url", "postgresql://u:sesame@127.0.0.1:1/nowhere"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("down"), HasSubstr("refused")));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("sesame")));
}

// A server in another language says it in that: the SQLSTATE tells.
TEST(Health, SaysThatTheServerHasNoSlotLeft) {
  const TestDatabase database;
  const auto admin =
      Connection::open({.url = database.url()}, Clock::now() + std::chrono::minutes(1));
  const std::string role = "full_" + database.name();
  admin->execute_script("create role \"" + role + "\" login connection limit 0");
  const Outcome outcome =
      run({"health", "--database-url", database.url() + " user=" + role, "--output", "json"});
  admin->execute_script("drop role \"" + role + "\"");
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(R"("state": "saturated")"), HasSubstr("[53300]")));
}

TEST(Health, EndsAtTheConnectTimeout) {
  const SilentListener listener;
  const auto start = Clock::now();
  const Outcome outcome =
      run({"health", "--database-url", listener.url(), "--database-connect-timeout", "300ms"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(300));
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(8)) << "the default is 10 s";
}

TEST(Health, SaysThatThePasswordIsWrong) {
  const ScratchDirectory directory;
  const auto rules = directory.write("hba.conf", "local all all scram-sha-256\n");
  const auto server = embedded::Server::start({.settings = {{"hba_file", rules.string()}}});
  const Outcome outcome = run({"health", "--database-url", server.url() + "&password=sesame"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("password authentication failed"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("sesame")));
  const Outcome query = run(
      {"query", "run", "movie.CountMovies", "--database-url", server.url() + "&password=sesame"});
  EXPECT_EQ(query.exit_code, 4) << "trying again cannot help: " << query.err;
}

TEST(Health, NeedsToKnowWhere) {
  for (const char* command : {"health", "verify", "serve"}) {
    const Outcome outcome = run({command});
    EXPECT_EQ(outcome.exit_code, 3) << command;
    EXPECT_THAT(outcome.err, HasSubstr("--database-url"));
  }
}

// "http://127.0.0.1:40123"
std::string served_url(const std::string& out) {
  const std::size_t begin = out.find("http://");
  return out.substr(begin, out.find("/metrics") - begin);
}

TEST(Serve, AnswersUntilItIsStopped) {
  const MigratedDatabase database;
  Program program({"serve", "--http-port", "0", "--database-url", database.url()});
  ASSERT_TRUE(program.wait_for_output("/readyz\n")) << program.finish().err;
  const std::string url = served_url(program.output());
  EXPECT_EQ(cli::http_get(url + "/healthz", std::chrono::seconds(30)), "ok\n");
  EXPECT_THAT(cli::http_get(url + "/readyz", std::chrono::seconds(30)),
              AllOf(HasSubstr(R"("ready": true)"), HasSubstr(R"("version": 302)")));
  const Outcome stats = run({"stats", "--url", url});
  EXPECT_EQ(stats.exit_code, 0) << stats.err;
  EXPECT_THAT(stats.out, AllOf(HasSubstr("db_pool_acquire_total"), HasSubstr("p95")));
  program.send(SIGTERM);
  const Outcome outcome = program.finish();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST(Serve, IsNotReadyBeforeTheMigrations) {
  const TestDatabase database;
  Program program({"serve", "--http-port", "0", "--database-url", database.url()});
  ASSERT_TRUE(program.wait_for_output("/readyz\n")) << program.finish().err;
  try {
    cli::http_get(served_url(program.output()) + "/readyz", std::chrono::seconds(30));
    ADD_FAILURE() << "ready without a schema";
  } catch (const ProtocolError& error) {
    EXPECT_THAT(error.what(), HasSubstr("503"));
  }
  program.send(SIGINT);
  EXPECT_EQ(program.finish().exit_code, 0);
}

TEST(Stats, SaysThatNobodyListens) {
  const Outcome outcome = run({"stats", "--url", "http://127.0.0.1:1"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("quartermaster serve"));
}

}  // namespace
}  // namespace qm::test
