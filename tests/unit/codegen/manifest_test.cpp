// plugin.yaml: what it may say, and each thing it can be refused for, with its line and column.
#include "codegen/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codegen_input.hpp"
#include "plugin_files.hpp"

namespace qm::codegen {
namespace {

using test::fault;
using test::PluginFiles;
using testing::ElementsAre;

constexpr const char* head = "id: film\nversion: 1.2.3\n";

Manifest read(const std::string& text) {
  const PluginFiles files;
  return read_manifest(files.write("plugin.yaml", text));
}

// The message without the file's name: "line:column: ...".
std::string refused(const std::string& text) {
  const PluginFiles files;
  const auto file = files.write("plugin.yaml", text);
  const std::string message = fault([&] { read_manifest(file); });
  return files.without_directory(message).substr(std::string("film/plugin.yaml:").size());
}

// For what follows the two lines of `head`.
std::string refused_after_head(const std::string& lines) {
  return refused(head + lines);
}

TEST(Manifest, NeedsAnIdAndAVersionOnly) {
  const PluginFiles files;
  const Manifest manifest = read_manifest(files.write("plugin.yaml", head));
  EXPECT_EQ(manifest.file, files.manifest());
  EXPECT_EQ(manifest.id, "film");
  EXPECT_EQ(manifest.name, "film");
  EXPECT_EQ(manifest.description, "");
  EXPECT_EQ(manifest.version, "1.2.3");
  EXPECT_TRUE(manifest.depends.empty());
  EXPECT_TRUE(manifest.schemas.empty());
  EXPECT_TRUE(manifest.ranges.empty());
  EXPECT_TRUE(manifest.migrations.empty());
  EXPECT_TRUE(manifest.queries.empty());
  EXPECT_EQ(manifest.lock, files.path("queries.lock.json"));
  EXPECT_TRUE(manifest.names.rename.empty());
  EXPECT_FALSE(manifest.optional);
}

TEST(Manifest, ReadsEverything) {
  const PluginFiles files;
  files.write("sql/b.sql", "");
  files.write("sql/a.sql", "");
  files.write("sql/notes.txt", "");
  const Manifest manifest = read_manifest(files.write(
      "plugin.yaml",
      "id: film\nname: Films\ndescription: All films\nversion: 0.10.20\n"
      "depends: [{id: shared, version: \">=0.1.0\"}, {id: other}]\nschemas: [public, film]\n"
      "migrations: {ranges: [[21, 26], [31, 31]], directory: ../db/film}\n"
      "queries: [queries.sql, sql]\nlock: sql.lock\nrename: {movies: Film, public.x: some_x}\n"
      "optional: true\n"));
  EXPECT_EQ(manifest.name, "Films");
  EXPECT_EQ(manifest.description, "All films");
  EXPECT_EQ(manifest.version, "0.10.20");
  ASSERT_EQ(manifest.depends.size(), 2U);
  EXPECT_EQ(manifest.depends[0].id, "shared");
  EXPECT_EQ(manifest.depends[0].version, ">=0.1.0");
  EXPECT_EQ(manifest.depends[1].version, "");
  EXPECT_THAT(manifest.schemas, ElementsAre("public", "film"));
  EXPECT_EQ(manifest.migrations, files.path("../db/film").lexically_normal());
  EXPECT_THAT(manifest.queries, ElementsAre(files.path("queries.sql"), files.path("sql/a.sql"),
                                            files.path("sql/b.sql")));
  EXPECT_EQ(manifest.lock, files.path("sql.lock"));
  EXPECT_EQ(manifest.names.rename.at("movies"), "Film");
  EXPECT_EQ(manifest.names.rename.at("public.x"), "some_x");
  EXPECT_TRUE(manifest.optional);
}

TEST(Manifest, OwnsItsRangesToTheirEnds) {
  const Manifest manifest =
      read(std::string(head) + "migrations: {ranges: [[21, 26], [31, 31]]}\n");
  for (const std::uint32_t version : {21U, 26U, 31U})
    EXPECT_TRUE(manifest.owns(version)) << version;
  for (const std::uint32_t version : {0U, 20U, 27U, 30U, 32U})
    EXPECT_FALSE(manifest.owns(version)) << version;
}

TEST(Manifest, RefusesWhatIsNoMapOfKeys) {
  EXPECT_EQ(refused("- a\n"), "1:1: expected keys such as id and version, found none");
  EXPECT_EQ(refused(""), "1:1: expected keys such as id and version, found none");
  EXPECT_EQ(refused("id: [a\nversion: 1\n"),
            "2:8: expected YAML, found end of sequence flow not found");
}

TEST(Manifest, RefusesUnknownAndRepeatedKeys) {
  EXPECT_EQ(refused_after_head("quries: []\n"),
            "3:1: expected one of id, name, description, version, depends, schemas, migrations, "
            "queries, lock, rename, overrides, optional, found quries");
  EXPECT_EQ(refused_after_head("name: a\nname: b\n"),
            "4:1: expected each key once, found name again");
}

TEST(Manifest, RefusesABadId) {
  EXPECT_EQ(refused("version: 1.2.3\n"), "1:1: id: expected [a-z][a-z0-9_]{0,62}, found nothing");
  EXPECT_EQ(refused("id: Film\nversion: 1.2.3\n"),
            "1:5: id: expected [a-z][a-z0-9_]{0,62}, found Film");
  EXPECT_EQ(refused("version: 1.2.3\nid:\n"), "2:1: id: expected text, found nothing");
  EXPECT_EQ(refused("id: [film]\nversion: 1.2.3\n"), "1:5: id: expected text, found a list");
}

TEST(Manifest, RefusesAnIdThatIsNoNamespace) {
  for (const std::string id : {"class", "namespace", "std", "qm"}) {
    EXPECT_EQ(refused("id: " + id + "\nversion: 1.2.3\n"),
              "1:5: id: expected a name that C++ has no use for, found " + id);
  }
}

TEST(Manifest, RefusesABadVersion) {
  const std::string expected = "version: expected MAJOR.MINOR.PATCH, found ";
  EXPECT_EQ(refused("id: film\n"), "1:1: " + expected + "nothing");
  for (const std::string version : {"1.2", "1.2.3.4", "01.2.3", "1.2.3-rc1", "v1.2.3"}) {
    EXPECT_EQ(refused("id: film\nversion: " + version + "\n"), "2:10: " + expected + version);
  }
}

TEST(Manifest, RefusesBadDependencies) {
  EXPECT_EQ(refused_after_head("depends: shared\n"),
            "3:10: depends: expected a list, found shared");
  EXPECT_EQ(refused_after_head("depends: [shared]\n"),
            "3:11: depends: expected a map with id and version, found shared");
  EXPECT_EQ(refused_after_head("depends:\n  - {version: 1}\n"),
            "4:5: id: expected [a-z][a-z0-9_]{0,62}, found nothing");
  EXPECT_EQ(refused_after_head("depends:\n  - {id: a, min: 1}\n"),
            "4:13: depends: expected one of id, version, found min");
}

TEST(Manifest, RefusesBadRanges) {
  const auto range = [](const std::string& text) {
    return refused_after_head("migrations:\n  ranges: [" + text + "]\n");
  };
  EXPECT_EQ(range("5"), "4:12: ranges: expected a pair [first, last], found 5");
  EXPECT_EQ(range("[5]"), "4:12: ranges: expected a pair [first, last], found a list");
  EXPECT_EQ(range("[6, 5]"), "4:12: ranges: expected first <= last, found [6, 5]");
  EXPECT_EQ(range("[0, 5]"), "4:13: ranges: expected a version from 1, found 0");
  EXPECT_EQ(range("[1, 5000000000]"), "4:16: ranges: expected a version from 1, found 5000000000");
  EXPECT_EQ(range("[a, 5]"), "4:13: ranges: expected a version from 1, found a");
  EXPECT_EQ(range("[[1], 5]"), "4:13: ranges: expected text, found a list");
}

TEST(Manifest, RefusesMigrationsThatAreNoMap) {
  EXPECT_EQ(refused_after_head("migrations: here\n"),
            "3:13: migrations: expected a map with ranges and directory, found here");
  EXPECT_EQ(refused_after_head("migrations: {dir: here}\n"),
            "3:14: migrations: expected one of ranges, directory, found dir");
}

TEST(Manifest, RefusesQueriesThatAreNotThere) {
  const PluginFiles files;
  const auto file = files.write("plugin.yaml", std::string(head) + "queries:\n  - gone.sql\n");
  EXPECT_EQ(files.without_directory(fault([&] { read_manifest(file); })),
            "film/plugin.yaml:4:5: queries: expected a file or directory, found none at "
            "film/gone.sql");
  EXPECT_EQ(refused_after_head("queries: queries.sql\n"),
            "3:10: queries: expected a list, found queries.sql");
}

TEST(Manifest, RefusesBadRenames) {
  EXPECT_EQ(refused_after_head("rename: [a]\n"),
            "3:9: rename: expected a map from table to name, found a list");
  for (const std::string name : {"2Film", "Film__x", "_Film", "Film-x", "class"}) {
    EXPECT_EQ(refused_after_head("rename: {movies: " + name + "}\n"),
              "3:18: rename: expected a C++ identifier, found " + name);
  }
}

TEST(Manifest, RefusesWhatIsNeitherTrueNorFalse) {
  EXPECT_EQ(refused_after_head("optional: yes\n"),
            "3:11: optional: expected true or false, found yes");
  EXPECT_EQ(refused_after_head("optional:\nname: x\n"),
            "3:1: optional: expected text, found nothing");
}

TEST(Manifest, RefusesAFileThatIsNotThere) {
  EXPECT_EQ(fault([] { read_manifest("/nowhere/plugin.yaml"); }),
            "/nowhere/plugin.yaml: expected a readable file, found No such file or directory");
}

class Dependencies : public testing::Test {
 protected:
  Dependencies() {
    plugin("film", "[{id: people}, {id: shared}]");
    plugin("people", "[{id: shared}]");
    plugin("shared", "[]");
  }

  void plugin(const std::string& id, const std::string& depends) const {
    files_.write("../" + id + "/plugin.yaml",
                 "id: " + id + "\nversion: 1.0.0\ndepends: " + depends + "\n");
  }

  std::vector<std::string> ids(bool required = true) const {
    std::vector<std::string> out;
    for (const Manifest& manifest :
         read_dependencies(read_manifest(files_.manifest()), known_, required)) {
      out.push_back(manifest.id);
    }
    return out;
  }

  PluginFiles files_;
  std::vector<std::filesystem::path> known_;
};

TEST_F(Dependencies, AreFoundBesideThePluginThoseNeededFirst) {
  EXPECT_THAT(ids(), ElementsAre("shared", "people"));
}

TEST_F(Dependencies, AreTakenFromWhereTheyAreNamed) {
  std::filesystem::remove_all(files_.path("../people"));
  files_.write("../elsewhere/plugin.yaml", "id: people\nversion: 1.0.0\n");
  known_ = {files_.path("../elsewhere/plugin.yaml")};
  EXPECT_THAT(ids(), ElementsAre("people", "shared"));
}

TEST_F(Dependencies, ThatAreNowhereAreRefusedOnlyWhenRequired) {
  std::filesystem::remove_all(files_.path("../shared"));
  EXPECT_THAT(ids(false), ElementsAre("people"));
  EXPECT_EQ(files_.without_directory(fault([&] { ids(true); })),
            "people/plugin.yaml:1:1: dependency shared: expected its manifest at "
            "shared/plugin.yaml, found none (name it with --dependency)");
}

TEST_F(Dependencies, MayNotGoInACircle) {
  plugin("shared", "[{id: film}]");
  EXPECT_EQ(files_.without_directory(fault([&] { ids(); })),
            "film/plugin.yaml:1:1: depends: expected no cycle, found film -> people -> shared -> "
            "film");
  plugin("film", "[{id: film}]");
  EXPECT_EQ(files_.without_directory(fault([&] { ids(); })),
            "film/plugin.yaml:1:1: depends: expected no cycle, found film -> film");
}

}  // namespace
}  // namespace qm::codegen
