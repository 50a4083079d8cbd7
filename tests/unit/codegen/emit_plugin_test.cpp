// The C text of a plugin: facts of its tables, and characters that C would read otherwise. That the
// text compiles and says the same to a host is shown by the plugins that are built from it.
#include "codegen/emit_plugin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "plugin_files.hpp"

namespace qm::codegen {
namespace {

using test::PluginFiles;
using testing::HasSubstr;
using testing::Not;

TEST(CCharacters, EscapeWhatCReadsOtherwise) {
  EXPECT_EQ(c_characters("plain \xC3\xA4"), "plain \xC3\xA4");
  EXPECT_EQ(c_characters("\"\\\n\t"), "\\\"\\\\\\n\\t");
  EXPECT_EQ(c_characters("\x01\x1F\x7F"), "\\001\\037\\177");
  EXPECT_EQ(c_characters("\x01"
                         "7"),
            "\\0017");  // three digits: the next one is no part of it
}

TEST(CCharacters, LeaveNoTrigraphs) {
  for (const std::string text : {"?\?", "?\?=", "?\?\?/", "a?\?\?\?\?b"})
    EXPECT_THAT(c_characters(text), Not(HasSubstr("?\?")));
  EXPECT_EQ(c_characters("a ? b"), "a ? b");
}

TEST(CLiteral, HasALineForEachLine) {
  EXPECT_EQ(c_literal("a\nb", "  "), "\n  \"a\\n\"\n  \"b\"");
  EXPECT_EQ(c_literal("a\n", "  "), "\n  \"a\\n\"");
  EXPECT_EQ(c_literal("", "  "), "\n  \"\"");
}

class EmittedPlugin : public testing::Test {
 protected:
  std::string emit() const {
    const Plugin plugin = files_.load();
    return emit_plugin_source(plugin, lock_);
  }

  PluginFiles files_;
  Lock lock_;
};

TEST_F(EmittedPlugin, MayHaveNothing) {
  files_.write("plugin.yaml", "id: film\nversion: 1.2.3\n");
  const std::string text = emit();
  EXPECT_THAT(text, HasSubstr("    .id = TEXT(\"film\"),\n"));
  EXPECT_THAT(text, HasSubstr("    .version = TEXT(\"1.2.3\"),\n"));
  EXPECT_THAT(text, HasSubstr("    .migrations = NOTHING,\n    .queries = NOTHING,\n"));
  EXPECT_THAT(text, Not(HasSubstr("[] = {\n}")));  // C11 has no empty arrays
}

TEST_F(EmittedPlugin, CarriesQueriesWithWhatTheyDeclare) {
  files_.write("queries.sql",
               "\n-- name: GetFilm :one\n-- The \"film\".\n-- @sensitive key\n-- @loggable id\n"
               "-- @since 103\n-- @replica\nselect id,\n  '?\?' as odd from films "
               "where id = @id and key = sqlc.narg(key);\n"
               "-- name: Touch :exec\nupdate films set seen = true;\n");
  lock_.queries = {{"GetFilm",
                    "opt",
                    "",
                    "",
                    {{"id", "uuid", 2950, false, ""}, {"key", "text", 25, true, ""}},
                    {{"id", "film.id", 0, false, ""}, {"odd", "text", 25, true, ""}}},
                   {"Touch", "execrows", "", "", {}, {}}};
  lock_.types = {{"film.id", TypeEntry::Form::text}};
  const std::string text = emit();
  EXPECT_THAT(text, HasSubstr("/* GetFilm: queries.sql:2 */\n"));
  EXPECT_THAT(text, HasSubstr("static const char sql_0[] =\n    \"select id,\\n\"\n"
                              "    \"  '?\\?' as odd from films where id = $1 and key = $2\";\n"));
  EXPECT_THAT(text, HasSubstr("    VALUE(QM_VALUE_LOGGABLE, 2950, \"id\", \"uuid\"),\n"
                              "    VALUE(QM_VALUE_NULLABLE | QM_VALUE_SENSITIVE, 25, \"key\", "
                              "\"text\"),\n"));
  EXPECT_THAT(text, HasSubstr("    VALUE(0, 0, \"id\", \"film.id\"),\n"
                              "    VALUE(QM_VALUE_NULLABLE, 25, \"odd\", \"text\"),\n"));
  EXPECT_THAT(text, HasSubstr("     .kind = QM_QUERY_OPT,\n     .flags = QM_QUERY_REPLICA,\n"
                              "     .since_version = 103,\n"));
  EXPECT_THAT(text, HasSubstr("     .signature = TEXT(\":opt (id uuid, key text?) -> (id film.id, "
                              "odd text?)\"),\n"));
  EXPECT_THAT(text, HasSubstr("\"The \\\"film\\\".\"),\n"));
  EXPECT_THAT(text, HasSubstr("     .kind = QM_QUERY_EXECROWS,\n     .flags = 0,\n"
                              "     .since_version = 0,\n"));
  EXPECT_THAT(
      text, HasSubstr("     .parameters = NOTHING,\n     .columns = NOTHING,\n     .requirements = "
                      "NOTHING},\n"));
}

TEST_F(EmittedPlugin, CarriesWhatQueriesRequireOfOtherPlugins) {
  files_.write("queries.sql",
               "-- name: Both :exec\n-- @requires movie 202\n-- @requires tvshow 32\nselect 1;\n");
  lock_.queries = {{"Both", "exec", "", "", {}, {}}};
  const std::string text = emit();
  EXPECT_THAT(text, HasSubstr("static const qm_requirement requirements_0[] = {\n"
                              "    {sizeof(qm_requirement), 202, TEXT(\"movie\")},\n"
                              "    {sizeof(qm_requirement), 32, TEXT(\"tvshow\")},\n};\n"));
  EXPECT_THAT(text, HasSubstr("     .requirements = ARRAY(requirements_0)},\n"));
}

TEST_F(EmittedPlugin, SaysThatResultsComeAsTextWhereATypeHasNoBinaryForm) {
  files_.write("queries.sql", "-- name: Plain :many\nselect 1;\n-- name: Text :many\nselect 1;\n");
  lock_.queries = {{"Plain", "many", "", "", {}, {{"n", "integer", 23, false, ""}}},
                   {"Text", "many", "", "", {}, {{"p", "point", 600, false, ""}}}};
  const std::string text = emit();
  EXPECT_THAT(text, HasSubstr("     .flags = 0,\n     .since_version = 0,\n"));
  EXPECT_THAT(text, HasSubstr("     .flags = QM_QUERY_TEXT_RESULTS,\n"));
  EXPECT_EQ(text.find("QM_QUERY_TEXT_RESULTS"), text.rfind("QM_QUERY_TEXT_RESULTS"));
  EXPECT_GT(text.find("QM_QUERY_TEXT_RESULTS"), text.find("TEXT(\"Plain\")"));
}

TEST_F(EmittedPlugin, SendsStarsWrittenOut) {
  files_.write("queries.sql", "-- name: All :many\nselect * from films;\n");
  lock_.queries = {{"All", "many", "", "", {}, {{"id", "integer", 23, false, ""}}}};
  lock_.queries[0].stars = {{7, 1, "id"}};
  EXPECT_THAT(emit(), HasSubstr("    \"select id from films\";\n"));
}

TEST_F(EmittedPlugin, CarriesMigrationsWithTheirHash) {
  files_.write("migrations/000101_a.up.sql", "-- quartermaster: no-transaction\nselect 1;\n");
  files_.write("migrations/000102_b.up.sql", "");
  files_.write("migrations/000102_b.down.sql", "select '\\';");
  const std::string text = emit();
  EXPECT_THAT(text, HasSubstr("static const char up_000101[] =\n"
                              "    \"-- quartermaster: no-transaction\\n\"\n"
                              "    \"select 1;\\n\";\n"));
  EXPECT_THAT(text, HasSubstr("     .version = 101,\n     .flags = QM_MIGRATION_NO_TRANSACTION,\n"
                              "     .slug = TEXT(\"a\"),\n     .up_sql = TEXT(up_000101),\n"
                              "     .sha256 ="));
  EXPECT_THAT(text, HasSubstr("static const char down_000102[] =\n    \"select '\\\\';\";\n"));
  EXPECT_THAT(text, HasSubstr("     .flags = 0,\n     .slug = TEXT(\"b\"),\n"
                              "     .up_sql = TEXT(up_000102),\n"
                              "     .down_sql = TEXT(down_000102),\n"));
  // SHA-256 of nothing.
  EXPECT_THAT(text, HasSubstr("{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,"));
  EXPECT_THAT(text, HasSubstr("    {sizeof(qm_migration_range), 100, 199, 0},\n"));
}

TEST_F(EmittedPlugin, SaysWhatItNeeds) {
  files_.write("plugin.yaml",
               "id: film\nname: \"The \\\"films\\\"\"\nversion: 1.2.3\nschemas: [public]\n"
               "depends: [{id: shared, version: \">=0.1.0 <1.0.0\"}]\noptional: true\n");
  const std::string text = emit();
  EXPECT_THAT(text, HasSubstr("    {sizeof(qm_dependency), 0, TEXT(\"shared\"), "
                              "TEXT(\">=0.1.0 <1.0.0\")},\n"));
  EXPECT_THAT(text, HasSubstr("static const qm_string schemas[] = {\n    TEXT(\"public\"),\n};\n"));
  EXPECT_THAT(text, HasSubstr("    .name = TEXT(\"The \\\"films\\\"\"),\n"));
  EXPECT_EQ(emit_install_manifest(files_.load().manifest), R"({
  "id": "film",
  "name": "The \"films\"",
  "version": "1.2.3",
  "abi_major": 1,
  "abi_minor": 0,
  "library": "film.so",
  "dependencies": [
    {"id": "shared", "version": ">=0.1.0 <1.0.0"}
  ],
  "optional": true
}
)");
}

}  // namespace
}  // namespace qm::codegen
