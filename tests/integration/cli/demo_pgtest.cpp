// `demo` and `embedded`: a server of their own, what a second run finds, and how they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <quartermaster/connection.hpp>
#include <quartermaster/embedded.hpp>
#include <quartermaster/row.hpp>
#include <quartermaster/transaction.hpp>

#include "program.hpp"

namespace qm::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* header =
    "title,release_date,runtime_min,mpaa_rating,distributor,genre,creative_type,director,"
    "production_budget,us_gross,worldwide_gross,rotten_tomatoes,imdb_rating,imdb_votes\n";
constexpr const char* film = "Heat,Dec 15 1995,170,R,,Drama,,Michael Mann,,,,,8.2,170000\n";

class Demo : public testing::Test {
 protected:
  ~Demo() override {
    if (auto server = embedded::Server::attach(data_dir())) server->stop();
  }

  std::string data_dir() const { return directory_.path() / "data"; }

  Outcome demo(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"demo", "--data-dir", data_dir()});
    return run(std::move(arguments));
  }
  bool server_runs() const { return embedded::Server::attach(data_dir()).has_value(); }

  static std::unique_ptr<Connection> connect(const embedded::Server& server) {
    return Connection::open({.url = server.url("quartermaster")},
                            Clock::now() + std::chrono::seconds(30));
  }
  static std::int64_t count(Executor& db, const std::string& table) {
    return get<std::int64_t>(db.execute("select count(*) from " + table), 0, "count");
  }

  ScratchDirectory directory_;
};

TEST_F(Demo, ShowsEverythingAndKeepsIt) {
  Outcome outcome = demo({"--once"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("45 versions in"), HasSubstr("3201 films in")));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("shared 0.1.0, movie 0.1.0, tvshow 0.1.0"),
                                 HasSubstr("The Godfather: Part II"), HasSubstr("Ada Lovelace"),
                                 HasSubstr("db_pool_acquire_total")));
  EXPECT_FALSE(server_runs());

  outcome = demo({"--once", "--films", "/nowhere/else.csv"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("nothing to do"), HasSubstr("3201 films are there")));

  const std::string films = directory_.write("one.csv", std::string(header) + film);
  outcome = demo({"--once", "--fresh", "--films", films});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("1 films in"));
}

TEST_F(Demo, SpeaksJson) {
  const std::string films = directory_.write("one.csv", std::string(header) + film);
  const Outcome outcome = demo({"--once", "--output", "json", "--films", films});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(testing::StartsWith("{"), HasSubstr(R"("migrated": 45)"),
                                 HasSubstr(R"("films": 1)"), HasSubstr(R"("tour": [)")));
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Demo, ImportsNothingOfABrokenFile) {
  const std::string films =
      directory_.write("broken.csv", std::string(header) + film + "Ran,someday,,,,,,,,,,,,\n");
  Outcome outcome = demo({"--once", "--films", films});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("broken.csv:3: release_date"), HasSubstr("'someday'"),
                                 HasSubstr("nothing of the file was imported")));
  EXPECT_FALSE(server_runs());
  const auto server = embedded::Server::start({.data_dir = data_dir()});
  EXPECT_EQ(count(*connect(server), "movie.movies"), 0);

  outcome = demo({"--once", "--films", "/nowhere/films.csv"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("/nowhere/films.csv: cannot be read: No such file"));
  EXPECT_EQ(demo({"--once", "--films", directory_.path()}).exit_code, 3);
}

TEST_F(Demo, LeavesNothingImportedOnCtrlC) {
  const std::string broken = directory_.write("broken.csv", "title\n");
  ASSERT_EQ(demo({"--once", "--films", broken}).exit_code, 3) << "migrated, without films";
  const auto server = embedded::Server::start({.data_dir = data_dir()});
  const auto connection = connect(server);
  Transaction lock(*connection);
  lock.execute("lock table movie.movie_genres in access exclusive mode");

  const std::string films = directory_.write("two.csv", std::string(header) + film + film);
  Program program({"demo", "--once", "--data-dir", data_dir(), "--films", films});
  while (count(lock, "pg_catalog.pg_locks where not granted") == 0) {
  }
  program.send(SIGINT);
  lock.rollback();
  const Outcome outcome = program.finish();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  EXPECT_EQ(count(*connection, "movie.movies"), 0);
  EXPECT_TRUE(server_runs()) << "it was not the demo's to stop";
}

TEST_F(Demo, StopsItsServerOnCtrlC) {
  Program program({"demo", "--data-dir", data_dir()});
  ASSERT_TRUE(program.wait_for_output("PostgreSQL")) << program.finish().err;
  program.send(SIGINT);
  const Outcome outcome = program.finish();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.err;
  EXPECT_NE(outcome.err, "");
  EXPECT_FALSE(server_runs());
  EXPECT_EQ(demo({"--once"}).exit_code, 0) << "the next run goes on from there";
}

TEST_F(Demo, ServesUntilCtrlCOnAnyFreePort) {
  const std::string films = directory_.write("one.csv", std::string(header) + film);
  Program program({"demo", "--data-dir", data_dir(), "--films", films});
  ASSERT_TRUE(program.wait_for_output("/readyz")) << program.finish().err;
  // The second finds the usual port taken, by the first or by somebody else.
  Program second({"demo", "--data-dir", data_dir(), "--films", films});
  ASSERT_TRUE(second.wait_for_output("/readyz")) << second.finish().err;
  EXPECT_THAT(second.output(), Not(HasSubstr(":9187/")));
  second.send(SIGINT);
  EXPECT_EQ(second.finish().exit_code, 0);
  EXPECT_TRUE(server_runs());
  program.send(SIGINT);
  const Outcome outcome = program.finish();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_FALSE(server_runs());
}

TEST_F(Demo, KeepsAwayFromConfiguredDatabases) {
  const std::string films = directory_.write("one.csv", std::string(header) + film);
  const std::string elsewhere = "postgresql://u@127.0.0.1:1/production";
  const Outcome outcome =
      run({"demo", "--once", "--data-dir", data_dir(), "--films", films},
          {.environment = {{"QUARTERMASTER_DATABASE_URL", elsewhere},
                           {"QUARTERMASTER_DATABASE_MIGRATION_URL", elsewhere}}});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(Demo, FreshDeletesNothingThatIsNotOurs) {
  const auto precious = directory_.write("precious.txt", "mine");
  const Outcome outcome = run({"demo", "--once", "--fresh", "--data-dir", directory_.path()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("nothing in it was touched"));
  EXPECT_TRUE(std::filesystem::exists(precious));
}

TEST_F(Demo, NeedsItsPlugins) {
  const Outcome outcome = demo({"--once", "--plugins-enabled", "shared"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("plugin movie"));
  EXPECT_FALSE(server_runs());
}

class Embedded : public Demo {
 protected:
  Outcome embedded(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "embedded");
    arguments.insert(arguments.begin() + 2, {"--data-dir", data_dir()});
    return run(std::move(arguments));
  }
};

TEST_F(Embedded, RunsBetweenCommands) {
  EXPECT_EQ(embedded({"status"}).exit_code, 4);
  EXPECT_EQ(embedded({"url"}).exit_code, 4);
  Outcome outcome = embedded({"start"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(embedded({"start"}).exit_code, 0) << "it runs already";
  EXPECT_THAT(embedded({"status", "--output", "json"}).out, HasSubstr(R"("state": "running")"));

  std::string url = embedded({"url"}).out;
  url.pop_back();
  EXPECT_EQ(run({"health", "--database-url", url}).exit_code, 0);
  outcome = embedded({"psql", "--", "-Atc", "select current_database()"});
  EXPECT_EQ(outcome.out, "quartermaster\n") << outcome.err;

  EXPECT_EQ(embedded({"stop"}).exit_code, 0);
  EXPECT_FALSE(server_runs());
  EXPECT_EQ(embedded({"stop"}).exit_code, 0) << "nothing to stop is fine";
}

TEST(EmbeddedDirectory, HasToBeKnown) {
  const Outcome outcome =
      run({"embedded", "start"}, {.environment = {{"HOME", ""}, {"XDG_DATA_HOME", ""}}});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("--data-dir"));
}

}  // namespace
}  // namespace qm::test
