// A plugin's migration files: which are found, what their names and first lines say, and which are
// refused.
#include "codegen/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "codegen_input.hpp"
#include "plugin_files.hpp"

namespace qm::codegen {
namespace {

using test::faults;
using test::PluginFiles;
using testing::ElementsAre;

std::vector<MigrationFile> read(const PluginFiles& files) {
  return read_migrations(read_manifest(files.manifest()));
}

std::vector<std::string> refused(const PluginFiles& files) {
  std::vector<std::string> lines = faults([&] { read(files); });
  for (std::string& line : lines)
    line = files.without_directory(line);
  return lines;
}

TEST(Migrations, AreReadInTheOrderOfVersions) {
  const PluginFiles files;
  files.write("migrations/000120_later.up.sql", "select 2;");
  files.write("migrations/000101_first_2.up.sql", "\xEF\xBB\xBFselect 1;\r\n");
  files.write("migrations/000101_first_2.down.sql", "select 0;\n");
  files.write("migrations/README.md", "no migration");
  const auto migrations = read(files);
  ASSERT_EQ(migrations.size(), 2U);
  EXPECT_EQ(migrations[0].version, 101U);
  EXPECT_EQ(migrations[0].slug, "first_2");
  EXPECT_EQ(migrations[0].up->text(), "select 1;\n");
  ASSERT_NE(migrations[0].down, nullptr);
  EXPECT_EQ(migrations[0].down->text(), "select 0;\n");
  EXPECT_TRUE(migrations[0].transactional);
  EXPECT_EQ(migrations[1].version, 120U);
  EXPECT_EQ(migrations[1].down, nullptr);
}

TEST(Migrations, AreNoneWithoutADirectory) {
  const PluginFiles files;
  EXPECT_TRUE(read(files).empty());
  std::filesystem::remove(files.path("migrations"));
  EXPECT_TRUE(read(files).empty());
  files.write("plugin.yaml", "id: film\nversion: 1.2.3\n");
  EXPECT_TRUE(read(files).empty());
}

TEST(Migrations, GoWithoutTransactionWhenTheTopSaysSo) {
  const auto transactional = [](const std::string& text) {
    const PluginFiles files;
    files.write("migrations/000101_a.up.sql", text);
    return read(files).at(0).transactional;
  };
  EXPECT_FALSE(transactional("-- quartermaster: no-transaction\nselect 1;"));
  EXPECT_FALSE(transactional("-- Why.\n/* More. */\n--quartermaster: no-transaction\nselect 1;"));
  EXPECT_TRUE(transactional("select 1;\n-- quartermaster: no-transaction\n"));
  EXPECT_TRUE(transactional("select '\n-- quartermaster: no-transaction\n';"));
  EXPECT_TRUE(transactional("/* quartermaster: no-transaction */ select 1;"));
  EXPECT_TRUE(transactional(""));
}

TEST(Migrations, NameEveryFault) {
  const PluginFiles files;
  files.write("migrations/000101_a.up.sql", "select 1;");
  files.write("migrations/000101_b.down.sql", "select 1;");
  files.write("migrations/000102_c.down.sql", "select 1;");
  files.write("migrations/000103_d.up.sql", "select '");
  files.write("migrations/000104_e.up.sql", "s\xE4");
  files.write("migrations/000105_F.up.sql", "");
  files.write("migrations/105_f.up.sql", "");
  files.write("migrations/000105_f.sql", "");
  files.write("migrations/000200_g.up.sql", "");
  EXPECT_THAT(
      refused(files),
      ElementsAre("film/migrations/000101_b.down.sql: migration 000101: expected one slug, a, "
                  "found b",
                  "film/migrations/000104_e.up.sql:1:2: expected UTF-8 text, found byte 0xe4",
                  "film/migrations/000105_F.up.sql: a migration's name: expected "
                  "NNNNNN_slug.up.sql or NNNNNN_slug.down.sql, found 000105_F.up.sql",
                  "film/migrations/000105_f.sql: a migration's name: expected NNNNNN_slug.up.sql "
                  "or NNNNNN_slug.down.sql, found 000105_f.sql",
                  "film/migrations/000200_g.up.sql: migration 000200: expected a version in the "
                  "ranges of film, found 200",
                  "film/migrations/105_f.up.sql: a migration's name: expected NNNNNN_slug.up.sql "
                  "or NNNNNN_slug.down.sql, found 105_f.up.sql",
                  "film/migrations/000102_c.down.sql: migration 000102: expected an up file "
                  "beside it, found none",
                  "film/migrations/000103_d.up.sql:1:8: a string: expected an end with ', found "
                  "the end of the file"));
}

TEST(Migrations, RefuseADirectoryThatLooksLikeOne) {
  const PluginFiles files;
  std::filesystem::create_directory(files.path("migrations/000101_a.up.sql"));
  EXPECT_THAT(refused(files), ElementsAre("film/migrations/000101_a.up.sql: expected a readable "
                                          "file, found Is a directory"));
}

TEST(SchemaHash, IsOfVersionsAndUpTextsAlone) {
  const auto hash = [](const std::string& name, const std::string& up, const std::string& down) {
    const PluginFiles files;
    files.write("migrations/" + name + ".up.sql", up);
    files.write("migrations/" + name + ".down.sql", down);
    return schema_hash(read(files));
  };
  const std::string base = hash("000101_a", "select 1;\n", "select 0;");
  EXPECT_EQ(base.size(), 64U);
  EXPECT_EQ(hash("000101_renamed", "select 1;\n", "other"), base);
  EXPECT_EQ(hash("000101_a", "select 1;\r\n", "select 0;"), base);
  EXPECT_NE(hash("000101_a", "select 1; \n", "select 0;"), base);
  EXPECT_NE(hash("000102_a", "select 1;\n", "select 0;"), base);
  // SHA-256 of nothing: known from FIPS 180-4's test vectors.
  EXPECT_EQ(schema_hash({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace qm::codegen
