// The built qmgen as a build runs it: check and describe, in the source tree and after somebody
// changed something.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "command.hpp"
#include "scratch_directory.hpp"
#include "test_database.hpp"

namespace {

namespace fs = std::filesystem;

using qm::test::contents;
using qm::test::Outcome;
using qm::test::quoted;

Outcome qmgen(const std::string& arguments) {
  return qm::test::run_command(std::string(QMGEN) + " " + arguments);
}

void replace(const fs::path& file, const std::string& what, const std::string& with) {
  std::string text = contents(file);
  const std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << file << " has no " << what;
  std::ofstream(file, std::ios::binary) << text.replace(at, what.size(), with);
}

// The number of the first line with this text.
std::string line_of(const fs::path& file, const std::string& text) {
  const std::string all = contents(file);
  const std::size_t at = all.find(text);
  EXPECT_NE(at, std::string::npos) << file << " has no " << text;
  return std::to_string(
      std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
}

std::vector<fs::path> shipped_manifests() {
  std::vector<fs::path> manifests;
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_ROOT) / "plugins")) {
    if (fs::exists(entry.path() / "plugin.yaml")) manifests.push_back(entry.path() / "plugin.yaml");
  }
  return manifests;
}

// A copy of the shipped plugins and migrations to change.
class Copy {
 public:
  Copy() {
    for (const char* part : {"plugins", "migrations"})
      fs::copy(fs::path(SOURCE_ROOT) / part, scratch_.path() / part, fs::copy_options::recursive);
  }
  fs::path path(const std::string& name) const { return scratch_.path() / name; }
  Outcome check() const { return qmgen("check --manifest " + quoted(path(manifest).string())); }
  Outcome describe() const {
    return qmgen("describe --manifest " + quoted(path(manifest).string()) + " --url " +
                 quoted(qm::test::server_url()));
  }
  std::string hint() const {
    return " (run: qmgen describe --manifest " + path(manifest).string() + ")\n";
  }

  static constexpr const char* manifest = "plugins/movie/plugin.yaml";
  static constexpr const char* queries = "plugins/movie/queries/movies.sql";
  static constexpr const char* lock = "plugins/movie/queries.lock.json";

 private:
  qm::test::ScratchDirectory scratch_;
};

TEST(Qmgen, FindsEveryShippedLockFileCurrent) {
  ASSERT_GE(shipped_manifests().size(), 3U);
  for (const fs::path& manifest : shipped_manifests()) {
    const Outcome outcome = qmgen("check --manifest " + quoted(manifest.string()));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find(" queries are current\n"), std::string::npos) << outcome.output;
  }
}

TEST(Qmgen, DescribesTheShippedPluginsAsCommitted) {
  const Copy copy;
  for (const fs::path& manifest : shipped_manifests()) {
    const std::string plugin = "plugins/" + manifest.parent_path().filename().string();
    const std::string committed = contents(manifest.parent_path() / "queries.lock.json");
    ASSERT_FALSE(committed.empty());
    const std::string command = "describe --manifest " +
                                quoted(copy.path(plugin + "/plugin.yaml").string()) + " --url " +
                                quoted(qm::test::server_url());
    fs::remove(copy.path(plugin + "/queries.lock.json"));
    const Outcome first = qmgen(command);
    EXPECT_EQ(first.exit_code, 0) << first.output;
    EXPECT_NE(first.output.find(" queries described\n"), std::string::npos) << first.output;
    EXPECT_EQ(contents(copy.path(plugin + "/queries.lock.json")), committed);
    const Outcome second = qmgen(command);
    EXPECT_EQ(second.exit_code, 0) << second.output;
    EXPECT_NE(second.output.find(" queries as they were\n"), std::string::npos) << second.output;
    EXPECT_EQ(contents(copy.path(plugin + "/queries.lock.json")), committed);
  }
}

TEST(Qmgen, DescribesTheOddPluginAsCommitted) {
  const fs::path odd = fs::path(SOURCE_ROOT) / "tests/integration/codegen/odd";
  const qm::test::ScratchDirectory scratch;
  fs::copy(odd, scratch.path() / "odd", fs::copy_options::recursive);
  const Outcome outcome =
      qmgen("describe --manifest " + quoted((scratch.path() / "odd/plugin.yaml").string()) +
            " --url " + quoted(qm::test::server_url()));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(contents(scratch.path() / "odd/queries.lock.json"),
            contents(odd / "queries.lock.json"));
}

TEST(Qmgen, RefusesAQueryThatWasEdited) {
  const Copy copy;
  replace(copy.path(Copy::queries), "where id = @id\n  and deleted_at is null;",
          "where id = @movie\n  and deleted_at is null;");
  const Outcome outcome = copy.check();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, copy.path(Copy::queries).string() + ":" +
                                line_of(copy.path(Copy::queries), "-- name: GetMovie ") +
                                ":10: query GetMovie: expected an entry for its present text in "
                                "queries.lock.json, found one for an earlier text" +
                                copy.hint());
  EXPECT_EQ(copy.describe().exit_code, 0);
  EXPECT_EQ(copy.check().exit_code, 0);
}

TEST(Qmgen, RefusesAMigrationThatWasEdited) {
  const Copy copy;
  const fs::path shared = copy.path("migrations/shared");
  fs::path first;
  for (const auto& entry : fs::directory_iterator(shared)) {
    const bool up = entry.path().string().ends_with(".up.sql");
    if (up && (first.empty() || entry.path() < first)) first = entry.path();
  }
  std::ofstream(first, std::ios::app) << "-- one more line\n";
  const Outcome outcome = copy.check();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, copy.path(Copy::lock).string() +
                                ": lock file: expected the migrations of shared as they are, found "
                                "other ones" +
                                copy.hint());
}

TEST(Qmgen, RefusesALockFileWithAnEntryRemoved) {
  const Copy copy;
  const std::string text = contents(copy.path(Copy::lock));
  const std::size_t name = text.find("\"name\": \"GetMovie\",");
  ASSERT_NE(name, std::string::npos);
  const std::size_t begin = text.rfind("    {\n      \"name\"", name);
  const std::size_t end = text.find("    {\n      \"name\"", name);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  std::ofstream(copy.path(Copy::lock), std::ios::binary)
      << std::string(text).erase(begin, end - begin);
  const Outcome outcome = copy.check();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, copy.path(Copy::queries).string() + ":" +
                                line_of(copy.path(Copy::queries), "-- name: GetMovie ") +
                                ":10: query GetMovie: expected an entry for its present text in "
                                "queries.lock.json, found none" +
                                copy.hint());
}

TEST(Qmgen, RefusesAQueryThatWent) {
  const Copy copy;
  replace(copy.path(Copy::queries), "-- name: GetMovie :one", "-- name: FindMovie :one");
  const Outcome outcome = copy.check();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, copy.path(Copy::queries).string() + ":" +
                                line_of(copy.path(Copy::queries), "-- name: FindMovie ") +
                                ":10: query FindMovie: expected an entry for its present text "
                                "in queries.lock.json, found none" +
                                copy.hint() + copy.path(Copy::lock).string() +
                                ": query GetMovie: expected a query of that name, found none" +
                                copy.hint());
}

TEST(Qmgen, LeavesTheLockFileAloneWhenAQueryIsRefused) {
  const Copy copy;
  const std::string before = contents(copy.path(Copy::lock));
  replace(copy.path(Copy::queries), "where id = @id\n  and deleted_at is null;",
          "where idd = @id\n  and deleted_at is null;");
  const Outcome outcome = copy.describe();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output,
            copy.path(Copy::queries).string() + ":" +
                line_of(copy.path(Copy::queries), "where idd = @id") +
                ":7: query GetMovie: PostgreSQL says: column \"idd\" does not exist (42703) "
                "(Perhaps you meant to reference the column \"movies.id\".)\n");
  EXPECT_EQ(contents(copy.path(Copy::lock)), before);
}

TEST(Qmgen, WritesNothingWhenTheLockFileIsStale) {
  const Copy copy;
  replace(copy.path(Copy::queries), "where id = @id\n  and deleted_at is null;",
          "where id = @movie\n  and deleted_at is null;");
  const Outcome outcome = qmgen("emit --manifest " + quoted(copy.path(Copy::manifest).string()) +
                                " --plugin-source " + quoted(copy.path("out.c").string()) +
                                " --client-header " + quoted(copy.path("out.hpp").string()));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_FALSE(fs::exists(copy.path("out.c")));
  EXPECT_FALSE(fs::exists(copy.path("out.hpp")));
}

TEST(Qmgen, WritesARuleOfWhatItRead) {
  const Copy copy;
  const Outcome outcome = qmgen("emit --manifest " + quoted(copy.path(Copy::manifest).string()) +
                                " --plugin-source " + quoted(copy.path("o u#t.c").string()) +
                                " --client-header " + quoted(copy.path("out.hpp").string()) +
                                " --depfile " + quoted(copy.path("out.d").string()));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const std::string rule = contents(copy.path("out.d"));
  EXPECT_EQ(rule.find(copy.path("o\\ u\\#t.c").string() + ": \\\n  "), 0U) << rule;
  for (const char* input : {Copy::manifest, Copy::queries, Copy::lock, "plugins/shared/plugin.yaml",
                            "migrations/movie", "migrations/shared"}) {
    EXPECT_NE(rule.find(" " + copy.path(input).string()), std::string::npos) << input;
  }
}

TEST(Qmgen, TellsWrongUsageApart) {
  EXPECT_EQ(qmgen("").exit_code, 2);
  EXPECT_EQ(qmgen("check").exit_code, 2);
  EXPECT_EQ(qmgen("compile").exit_code, 2);
  EXPECT_EQ(qmgen("--help").exit_code, 0);
  const Outcome outcome = qmgen("check --manifest /nowhere/plugin.yaml");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output,
            "/nowhere/plugin.yaml: expected a readable file, found No such file or directory\n");
}

}  // namespace
