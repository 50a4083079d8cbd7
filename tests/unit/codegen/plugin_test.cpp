// A whole plugin read from disk, and what makes its lock file stale or spoiled.
#include "codegen/plugin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codegen_input.hpp"
#include "plugin_files.hpp"

namespace qm::codegen {
namespace {

using test::faults;
using test::PluginFiles;
using testing::ElementsAre;

constexpr const char* queries =
    "-- name: GetFilm :one\n"
    "select id, title from films where id = @id;\n"
    "-- name: Touch :exec\n"
    "update films set seen = true;\n";

// The lock that describing the plugin as it is would give.
Lock lock_of(const Plugin& plugin) {
  Lock lock;
  lock.schema = plugin.schema();
  for (const PluginQuery& query : plugin.queries) {
    LockEntry entry;
    entry.name = query.source.name;
    entry.kind = query.source.kind == Kind::one ? "opt" : to_string(query.source.kind).substr(1);
    entry.sql = query.hash;
    for (const Parameter& parameter : query.statement.parameters())
      entry.parameters.push_back({parameter.name, "uuid", 2950, parameter.nullable, ""});
    if (returns_rows(query.source.kind)) {
      entry.columns = {{"id", "uuid", 2950, false, "public.films.id"},
                       {"title", "text", 25, false, "public.films.title"}};
    }
    lock.queries.push_back(std::move(entry));
  }
  return lock;
}

class PluginTest : public testing::Test {
 protected:
  PluginTest() {
    files_.write("queries.sql", queries);
    files_.write("migrations/000101_films.up.sql", "create table films (id uuid);\n");
  }

  // What makes the lock unfit for the plugin as it is on disk now.
  std::vector<std::string> unfit(const Lock& lock) const {
    const Plugin plugin = files_.load();
    std::vector<std::string> lines = faults([&] { require_current(plugin, lock); });
    for (std::string& line : lines)
      line = files_.without_directory(line);
    return lines;
  }

  std::vector<std::string> refused() const {
    std::vector<std::string> lines = faults([&] { files_.load(); });
    for (std::string& line : lines)
      line = files_.without_directory(line);
    return lines;
  }

  PluginFiles files_;
};

constexpr const char* hint = " (run: qmgen describe --manifest film/plugin.yaml)";

TEST_F(PluginTest, KnowsWhereEachQueryStands) {
  const Plugin plugin = files_.load();
  ASSERT_EQ(plugin.queries.size(), 2U);
  EXPECT_EQ(plugin.queries[0].file, "queries.sql");
  EXPECT_EQ(plugin.queries[0].line, 1U);
  EXPECT_EQ(plugin.queries[1].line, 3U);
  EXPECT_EQ(plugin.queries[0].statement.sql(), "select id, title from films where id = $1");
}

TEST_F(PluginTest, FitsItsOwnLock) {
  const Plugin plugin = files_.load();
  EXPECT_NO_THROW(require_current(plugin, lock_of(plugin)));
}

TEST_F(PluginTest, NamesEveryFaultOfItsFiles) {
  files_.write("plugin.yaml",
               "id: film\nversion: 1.2.3\nmigrations: {ranges: [[100, 199]]}\n"
               "queries: [queries.sql, more.sql]\n");
  files_.write("more.sql", "");
  files_.write("plugin.yaml",
               "id: film\nversion: 1.2.3\nmigrations: {ranges: [[100, 199]]}\n"
               "queries: [queries.sql, more.sql, bad.sql]\n");
  files_.write("bad.sql", "select 1;\n");
  files_.write("more.sql",
               "-- name: Touch :exec\nselect 1;\n"
               "-- name: Since :exec\n-- @since 200\nselect 1;\n"
               "-- name: Gap :exec\nselect $2;\n");
  files_.write("migrations/000200_x.up.sql", "");
  EXPECT_THAT(
      refused(),
      ElementsAre("film/migrations/000200_x.up.sql: migration 000200: expected a version in the "
                  "ranges of film, found 200",
                  "film/bad.sql:1:1: a statement without a name: expected a line \"-- name: NAME "
                  ":KIND\" above it, found select",
                  "film/more.sql:1:10: query Touch: expected a name of its own, found the same "
                  "name at film/queries.sql:3",
                  "film/more.sql:4:4: query Since: expected a version in the ranges of film for "
                  "@since, found 200",
                  "film/more.sql:7:8: query Gap: expected $1 to be used as well, found $2 without "
                  "it"));
}

TEST_F(PluginTest, IsStaleAfterAQueryChanged) {
  const Lock lock = lock_of(files_.load());
  files_.write("queries.sql", std::string(queries) + "-- name: New :exec\nselect 1;\n");
  EXPECT_THAT(unfit(lock),
              ElementsAre(std::string("film/queries.sql:5:10: query New: expected an entry for its "
                                      "present text in queries.lock.json, found none") +
                          hint));
  files_.write("queries.sql",
               "-- name: GetFilm :one\nselect id from films where id = @id;\n"
               "-- name: Touch :exec\nupdate films set seen = true;\n");
  EXPECT_THAT(unfit(lock),
              ElementsAre(std::string("film/queries.sql:1:10: query GetFilm: expected an entry for "
                                      "its present text in queries.lock.json, found one for an "
                                      "earlier text") +
                          hint));
}

TEST_F(PluginTest, IsStaleAfterAQueryWent) {
  const Lock lock = lock_of(files_.load());
  files_.write("queries.sql", "-- name: Touch :exec\nupdate films set seen = true;\n");
  EXPECT_THAT(unfit(lock), ElementsAre(std::string("film/queries.lock.json: query GetFilm: "
                                                   "expected a query of that name, found none") +
                                       hint));
}

TEST_F(PluginTest, IsStaleAfterAMigrationChanged) {
  const Lock lock = lock_of(files_.load());
  files_.write("migrations/000102_more.up.sql", "create table more ();\n");
  EXPECT_THAT(unfit(lock),
              ElementsAre(std::string("film/queries.lock.json: lock file: expected the migrations "
                                      "of film as they are, found other ones") +
                          hint));
}

TEST_F(PluginTest, IsStaleAfterADependencyChanged) {
  files_.write("../shared/plugin.yaml",
               "id: shared\nversion: 1.0.0\nmigrations: {ranges: [[1, 20]]}\n");
  files_.write("plugin.yaml",
               "id: film\nversion: 1.2.3\nmigrations: {ranges: [[100, 199]]}\n"
               "depends: [{id: shared}]\nqueries: [queries.sql]\n");
  const Lock lock = lock_of(files_.load(true));
  files_.write("../shared/migrations/000001_a.up.sql", "select 1;\n");
  EXPECT_THAT(unfit(lock),
              ElementsAre(std::string("film/queries.lock.json: lock file: expected the migrations "
                                      "of shared as they are, found other ones") +
                          hint));
  Lock without = lock_of(files_.load());
  without.schema.erase(without.schema.begin());
  EXPECT_THAT(unfit(without),
              ElementsAre(std::string("film/queries.lock.json: lock file: expected the migrations "
                                      "of shared as they are, found none") +
                          hint));
}

TEST_F(PluginTest, RefusesARequirementThatNothingCanMeet) {
  files_.write("../other/plugin.yaml",
               "id: other\nversion: 1.0.0\nmigrations: {ranges: [[300, 399]]}\n");
  const auto refusal_of = [&](const std::string& requirement) {
    files_.write("queries.sql",
                 "-- name: Q :one\n-- @requires " + requirement + "\nselect 1 as one;\n");
    return refused();
  };
  EXPECT_THAT(refusal_of("film 101"),
              ElementsAre("film/queries.sql:2:14: query Q: expected another plugin in @requires, "
                          "found its own (say @since for a version of its own)"));
  EXPECT_THAT(refusal_of("other 400"),
              ElementsAre("film/queries.sql:2:14: query Q: expected a version in the ranges of "
                          "other for @requires, found 400"));
  files_.write("queries.sql", "-- name: Q :one\n-- @requires other 300\nselect 1 as one;\n");
  EXPECT_EQ(files_.load().dependencies.size(), 1U) << "its schema is a part of this one";
}

TEST_F(PluginTest, StaysCurrentWhenOnlyWordsChange) {
  const Lock lock = lock_of(files_.load());
  files_.write("queries.sql",
               "-- name: GetFilm :one\n-- The film.\n-- @sensitive id\n"
               "select id, title from films where id = @id;\n\n"
               "-- name: Touch :exec\n-- @since 101\nupdate films set seen = true\n");
  files_.write("migrations/000101_films.down.sql", "drop table films;\n");
  EXPECT_NO_THROW(require_current(files_.load(), lock));
}

TEST_F(PluginTest, RefusesSpoiledEntries) {
  const auto spoiled = [](const std::string& what) {
    return "film/queries.lock.json: query GetFilm: expected the entry as it was described, found " +
           what + hint;
  };
  const Lock good = lock_of(files_.load());
  Lock lock = good;
  lock.queries[0].parameters.push_back({"more", "uuid", 2950, false, ""});
  EXPECT_THAT(unfit(lock), ElementsAre(spoiled("other parameters")));
  lock = good;
  lock.queries[0].parameters[0].nullable = true;
  EXPECT_THAT(unfit(lock), ElementsAre(spoiled("other parameters")));
  lock = good;
  lock.queries[0].kind = "many";
  EXPECT_THAT(unfit(lock), ElementsAre(spoiled("kind many")));
  lock = good;
  lock.queries[1].columns = lock.queries[0].columns;
  EXPECT_THAT(unfit(lock),
              ElementsAre(testing::HasSubstr("query Touch: expected the entry as it was described, "
                                             "found columns that do not fit its kind")));
  lock = good;
  lock.queries[0].kind = "one";  // :one may be either
  EXPECT_NO_THROW(require_current(files_.load(), lock));
}

TEST_F(PluginTest, ListsWhatABuildDependsOn) {
  files_.write("migrations/000101_films.down.sql", "drop table films;\n");
  files_.write("queries.lock.json", "{}");
  std::vector<std::string> inputs;
  for (const auto& input : files_.load().inputs())
    inputs.push_back(files_.without_directory(input.string()));
  EXPECT_THAT(inputs, ElementsAre("film/plugin.yaml", "film/queries.sql", "film/queries.lock.json",
                                  "film/migrations", "film/migrations/000101_films.up.sql",
                                  "film/migrations/000101_films.down.sql"));
}

TEST_F(PluginTest, PutsAllMigrationsInOneOrder) {
  files_.write("../shared/plugin.yaml",
               "id: shared\nversion: 1.0.0\nmigrations: {ranges: [[1, 20], [150, 160]]}\n");
  files_.write("../shared/migrations/000150_b.up.sql", "");
  files_.write("../shared/migrations/000001_a.up.sql", "");
  files_.write("migrations/000160_c.up.sql", "");
  files_.write("plugin.yaml",
               "id: film\nversion: 1.2.3\nmigrations: {ranges: [[100, 149], [160, 199]]}\n"
               "depends: [{id: shared}]\nqueries: [queries.sql]\n");
  std::vector<std::uint32_t> versions;
  for (const MigrationFile& migration : files_.load(true).all_migrations())
    versions.push_back(migration.version);
  EXPECT_THAT(versions, ElementsAre(1U, 101U, 150U, 160U));
}

}  // namespace
}  // namespace qm::codegen
