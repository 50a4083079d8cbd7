// qmgen generate and its files: that the committed client is what it writes today, what it makes of
// schema files of many tools, and what it says of faults.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "command.hpp"
#include "scratch_directory.hpp"
#include "test_database.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using qm::test::contents;
using qm::test::Outcome;
using qm::test::quoted;
using qm::test::run_command;
using qm::test::ScratchDirectory;

class Generate : public testing::Test {
 protected:
  fs::path write(const std::string& file, const std::string& text) const {
    const fs::path path = scratch_.path() / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  // On the server of the tests.
  Outcome generate(const std::string& more = "") const {
    const std::string at = scratch_.path().string();
    return run_command(
        "cd '" + at + "' && '" QMGEN "' generate --schema schema --queries queries " +
        "--namespace app --out out --url " + quoted(qm::test::server_url()) + " " + more);
  }
  std::string header() const { return contents(scratch_.path() / "out/app.hpp"); }

  ScratchDirectory scratch_;
};

TEST(CommittedClient, IsWhatQmgenWritesToday) {
  const std::string sources = GENERATED_SOURCES;
  const Outcome outcome = run_command("cd '" + sources + "' && '" QMGEN "' generate --check " +
                                      "--schema schema --queries queries --names names.yaml " +
                                      "--namespace library --out library");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST(CommittedClient, OfTheBenchmarksAsWell) {
  const Outcome outcome =
      run_command("cd '" GENERATED_SOURCES "/../../bench' && '" QMGEN
                  "' generate --check "
                  "--schema schema --queries queries --namespace films --out films");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST(CommittedClient, IsDescribedTheSameAgain) {
  const ScratchDirectory scratch;
  const std::string sources = GENERATED_SOURCES;
  const Outcome outcome = run_command(
      "cd '" + sources + "' && '" QMGEN "' generate --schema schema --queries queries " +
      "--names names.yaml --namespace library --out '" + scratch.path().string() + "'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  for (const char* file : {"library.hpp", "library.lock.json"})
    EXPECT_EQ(contents(scratch.path() / file), contents(sources + "/library/" + file));
}

TEST_F(Generate, RunsTheWayUpOfEveryTool) {
  write("schema/1_golang.up.sql", "create table a (id int not null);");
  write("schema/1_golang.down.sql", "drop table a;");
  write("schema/2_goose.sql",
        "-- +goose Up\n-- +goose StatementBegin\ncreate table b (id int not null);\n"
        "-- +goose StatementEnd\n-- +goose Down\ndrop table b;\n");
  write("schema/10_dbmate.sql",
        "-- migrate:up\nalter table c add y int;\n-- migrate:down\ndrop table b;\n");
  write("schema/3_tern.sql",
        "create table c (id int);\n---- create above / drop below ----\ndrop table c;\n");
  write("schema/4_sql_migrate.sql",
        "-- +migrate Up\ncreate table d (id int);\n-- +migrate Down\ndrop table d;\n");
  write("schema/V5__flyway.sql", "create table e (id int);");
  write("schema/U5__flyway.sql", "drop table e;");
  write("schema/6_dump.sql",
        "\\restrict x'y\nset check_function_bodies = false;\nselect "
        "pg_catalog.set_config('search_path', '', false);\n"
        "create table public.f (id int);\nalter table public.f owner to somebody_else;\n"
        "COPY public.f (id) FROM stdin;\n1\nit's\n\\.\n\nselect 1;\n");
  write("queries/all.sql",
        "-- name: All :many\nselect a.id, b.id, c.y, d.id, e.id, f.id from a, b, c, d, e, f;");
  // Its roles are made only on a server of its own.
  const std::string at = scratch_.path().string();
  const Outcome outcome = run_command("cd '" + at + "' && '" QMGEN "' generate --schema schema " +
                                      "--queries queries --namespace app --out out");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(header(), HasSubstr("  std::optional<std::int32_t> y{};\n"));
}

TEST_F(Generate, IsOfflineWhenNothingHasChanged) {
  write("schema/a.sql", "create table a (id int);");
  write("queries/a.sql", "-- name: A :many\nselect id from a;");
  ASSERT_EQ(generate().exit_code, 0);
  const std::string at = scratch_.path().string();
  const std::string offline = "cd '" + at +
                              "' && '" QMGEN
                              "' generate --schema schema --queries "
                              "queries --namespace app --out out --url 'host=/nowhere' ";
  EXPECT_EQ(run_command(offline).exit_code, 0);
  EXPECT_EQ(run_command(offline + "--check").exit_code, 0);
  write("queries/a.sql", "-- name: A :many\nselect id from a  ;");
  EXPECT_EQ(run_command(offline + "--check").exit_code, 0) << "the same statement";
  write("queries/a.sql", "-- name: A :many\nselect id from A;");
  EXPECT_THAT(run_command(offline + "--check").output,
              HasSubstr("out/app.lock.json: lock file: expected one for the schema and queries as "
                        "they are, found another"));
  write("queries/a.sql", "-- name: A :many\nselect id from a;");
  write("schema/b.sql", "create table b (id int);");
  EXPECT_EQ(run_command(offline + "--check").exit_code, 1);
}

TEST_F(Generate, NamesEveryFaultAndWritesNothing) {
  write("schema/a.sql", "create table a (id int);");
  write("queries/a.sql",
        "-- name: Good :many\nselect id from a;\n"
        "-- name: Column :many\nselect idd from a;\n"
        "-- name: Types :exec\nselect from a where id = @x and 'a' = @x;\n");
  const Outcome outcome = generate();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("queries/a.sql:4:8: query Column: PostgreSQL says: column \"idd\" "
                              "does not exist (42703)"),
                    HasSubstr("queries/a.sql:6:"), Not(HasSubstr("Good"))));
  EXPECT_FALSE(fs::exists(scratch_.path() / "out"));
  EXPECT_EQ(generate("--keep-going").exit_code, 1);
  EXPECT_THAT(header(), AllOf(HasSubstr(" good("), Not(HasSubstr("column("))));
}

TEST_F(Generate, SaysWhereTheSchemaIsAtFault) {
  write("schema/a.sql", "create table a (id int);\ncreate table b (id integr);\n");
  write("queries/a.sql", "-- name: A :many\nselect id from a;");
  EXPECT_THAT(generate().output,
              HasSubstr("schema/a.sql:2:20: PostgreSQL says: type \"integr\" does not exist"));
}

TEST_F(Generate, GoesOnWithoutAnExtensionThatIsNotInstalled) {
  write("schema/a.sql", "create extension no_such_thing;\ncreate table a (id int);");
  write("queries/a.sql", "-- name: A :many\nselect id from a;");
  const Outcome outcome = generate();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("warning: schema/a.sql:1:1: PostgreSQL says: extension"));
}

TEST_F(Generate, LooksForNamesWhereItIsTold) {
  write("schema/a.sql", "create schema other; create table other.a (id int);");
  write("queries/a.sql", "-- name: A :many\nselect id from a;");
  EXPECT_EQ(generate().exit_code, 1);
  EXPECT_EQ(generate("--search-path 'other, public'").exit_code, 0);
}

TEST_F(Generate, RefusesWhatItCannotRead) {
  EXPECT_THAT(generate().output, AllOf(HasSubstr("queries: expected a file or directory, found "
                                                 "none"),
                                       HasSubstr("schema: expected a file or directory, found "
                                                 "none")));
  write("schema/x.txt", "");
  write("queries/a.sql", "-- name: A :one\nselect 1;");
  EXPECT_THAT(generate().output, HasSubstr("schema: expected *.sql files in the directory"));
  write("schema/a.sql", "select '\xff';");
  EXPECT_THAT(generate().output, HasSubstr("schema/a.sql"));
  write("schema/a.sql", "");
  for (const char* name : {"std", "qm", "app::", "1a", "app::class", "a__b", ""}) {
    const Outcome outcome = generate("--namespace '" + std::string(name) + "'");
    EXPECT_NE(outcome.exit_code, 0) << name;
  }
  EXPECT_EQ(generate().exit_code, 0) << "an empty schema is one";
}

TEST_F(Generate, RefusesKindsThatDoNotFitTheStatement) {
  write("schema/a.sql", "create table a (id int, x text);");
  const auto fault = [&](const std::string& query) {
    write("queries/a.sql", query);
    return generate().output;
  };
  const std::string copy =
      "expected insert into ... values ($1, $2, ...) for :copyfrom, each value a parameter of its "
      "own, found another statement (use :batchexec for it)";
  for (const char* statement :
       {"update a set id = $1", "insert into a values (1, $1)",
        "insert into a values ($1, $1::int::text)",
        "insert into a values ($1, $2) on conflict do nothing", "insert into a select $1, $2",
        "insert into a values ($1, $2) returning id", "insert into a values ($1, $2), ($3, $4)"}) {
    EXPECT_THAT(fault(std::string("-- name: A :copyfrom\n") + statement),
                HasSubstr("queries/a.sql:2:1: query A: " + copy))
        << statement;
  }
  EXPECT_THAT(
      fault("-- name: A :batchmany\nselect id from a"),
      HasSubstr("queries/a.sql:1:10: query A: expected a parameter for :batchmany, found none"));
  EXPECT_THAT(fault("-- name: A :batchone\nupdate a set id = $1"),
              HasSubstr("expected a statement that returns rows for :batchone"));
}

}  // namespace
