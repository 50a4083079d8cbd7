// qmgen verify: a release's queries on the schema of a later one, and the migration that is the
// first to break each.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "command.hpp"
#include "scratch_directory.hpp"
#include "test_database.hpp"

namespace {

namespace fs = std::filesystem;

using qm::test::Outcome;
using qm::test::quoted;

// A plugin `shop` with two versions in a directory of its own, and the next release of it.
class Verify : public testing::Test {
 protected:
  Verify() {
    write("now/migrations/000900_items.up.sql",
          "create table items (id integer primary key, name text not null, price integer);\n");
    write("now/migrations/000900_items.down.sql", "drop table items;\n");
    write("now/queries.sql",
          "-- name: ListItems :many\n"
          "select * from items order by id;\n\n"
          "-- name: GetPrice :one\n"
          "select price from items where id = @id;\n\n"
          "-- name: CountItems :one\n"
          "select count(*) from items;\n\n"
          "-- name: AddItem :exec\n"
          "insert into items (id, name) values (@id, @name);\n");
    write("now/plugin.yaml",
          "id: shop\nname: Shop\nversion: 1.0.0\nmigrations:\n  ranges: [[900, 999]]\n"
          "  directory: migrations\nqueries: [queries.sql]\nlock: queries.lock.json\n");
    const Outcome described = qmgen("describe", "");
    EXPECT_EQ(described.exit_code, 0) << described.output;
    fs::copy(scratch_.path() / "now", scratch_.path() / "next", fs::copy_options::recursive);
  }

  void write(const std::string& name, const std::string& text) {
    const fs::path file = scratch_.path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  void next(const std::string& migration, const std::string& up) {
    write("next/migrations/" + migration + ".up.sql", up + ";\n");
    write("next/migrations/" + migration + ".down.sql", "select 1;\n");
  }
  Outcome qmgen(const std::string& command, const std::string& arguments) {
    return qm::test::run_command(std::string(QMGEN) + " " + command + " --manifest " +
                                 quoted((scratch_.path() / "now/plugin.yaml").string()) + " " +
                                 arguments + " --url " + quoted(qm::test::server_url()));
  }
  Outcome verify() {
    return qmgen("verify", "--against " + quoted((scratch_.path() / "next/plugin.yaml").string()));
  }
  std::string queries() const { return (scratch_.path() / "now/queries.sql").string(); }

  qm::test::ScratchDirectory scratch_;
};

TEST_F(Verify, IsContentWithItsOwnSchema) {
  const Outcome outcome = qmgen("verify", "");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output, "4 queries of shop 1.0.0 work up to version 900\n");
}

TEST_F(Verify, LetsColumnsComeAndConditionsTighten) {
  next("000901_note", "alter table items add column note text");
  next("000902_price", "alter table items alter column price set not null");
  next("000903_index", "create index on items (name)");
  const Outcome outcome = verify();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.output, "4 queries of shop 1.0.0 work up to version 903\n");
}

TEST_F(Verify, NamesTheFirstMigrationThatBreaksEachQuery) {
  next("000901_note", "alter table items add column note text");
  next("000902_null_name", "alter table items alter column name drop not null");
  next("000903_big_price", "alter table items alter column price type bigint");
  next("000904_no_name", "alter table items drop column name");
  const Outcome outcome = verify();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output,
            queries() +
                ":1:10: query ListItems: expected column name text, never NULL, found column name "
                "text, NULL or not\n"
                "  breaks at migration 000902_null_name\n" +
                queries() +
                ":4:10: query GetPrice: expected column price integer, NULL or not, found column "
                "price bigint, NULL or not\n"
                "  breaks at migration 000903_big_price\n" +
                queries() +
                ":11:24: query AddItem: PostgreSQL says: column \"name\" of relation \"items\" "
                "does not exist (42703)\n"
                "  breaks at migration 000904_no_name\n");
}

TEST_F(Verify, TellsAMigrationThatFailsAtItsPlace) {
  next("000901_fails", "alter table items\n  drop column nme");
  const Outcome outcome = verify();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("next/migrations/000901_fails.up.sql:1:1: migration 000901: "
                                "PostgreSQL says: column \"nme\" of relation \"items\" does not "
                                "exist (42703)"),
            std::string::npos)
      << outcome.output;
}

TEST_F(Verify, WantsTheReleasesLockFileCurrent) {
  std::ofstream(queries(), std::ios::app) << "\n-- name: New :one\nselect 1 as one;\n";
  const Outcome outcome = verify();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("query New: expected an entry for its present text"),
            std::string::npos)
      << outcome.output;
}

}  // namespace
