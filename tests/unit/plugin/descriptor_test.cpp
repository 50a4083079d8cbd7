// Every rule of plugin.h that a descriptor can break, each broken alone in an otherwise good one.
#include "plugin/descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <quartermaster/error.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/sha256.hpp"

namespace qm::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

qm_string text(std::string_view view) {
  return {view.data(), view.size()};
}

template <class Container>
qm_array array(const Container& items) {
  return {items.data(), static_cast<std::uint32_t>(items.size()), sizeof(items[0])};
}

// A good plugin in memory; tests change one thing and call problem().
class DescriptorTest : public testing::Test {
 protected:
  DescriptorTest() {
    for (auto& m : migrations_)
      set_checksum(m);
    for (auto& q : queries_)
      q.signature_hash = leading_64_bits(sha256({q.signature.data, q.signature.size}));
    manifest_.id = "movie";
    manifest_.version = {0, 1, 0};
    manifest_.dependencies = {{"shared", ">=0.1.0"}};
    connect();
  }

  static void set_checksum(qm_migration& migration) {
    const auto digest = sha256_of_lines({migration.up_sql.data, migration.up_sql.size});
    std::copy(digest.begin(), digest.end(), std::begin(migration.sha256));
  }

  void connect() {
    plugin_.dependencies = array(dependencies_);
    plugin_.schemas = array(schemas_);
    plugin_.ranges = array(ranges_);
    plugin_.migrations = array(migrations_);
    queries_[0].parameters = array(parameters_);
    queries_[0].columns = array(columns_);
    plugin_.queries = array(queries_);
  }

  Descriptor read() { return read_descriptor(&plugin_, manifest_); }

  std::string problem() {
    try {
      read();
    } catch (const PluginError& error) {
      return error.what();
    }
    return "(accepted)";
  }

  Manifest manifest_;
  std::vector<qm_dependency> dependencies_{
      {sizeof(qm_dependency), 0, text("shared"), text(">=0.1.0")}};
  std::vector<qm_string> schemas_{text("public"), text("movie")};
  std::vector<qm_migration_range> ranges_{{sizeof(qm_migration_range), 21, 26, 0},
                                          {sizeof(qm_migration_range), 200, 299, 0}};
  std::vector<qm_migration> migrations_{{sizeof(qm_migration),
                                         21,
                                         0,
                                         0,
                                         text("create_movies"),
                                         text("CREATE TABLE movies ();\r\n"),
                                         text("DROP TABLE movies;"),
                                         {}},
                                        {sizeof(qm_migration),
                                         200,
                                         QM_MIGRATION_NO_TRANSACTION,
                                         0,
                                         text("index_movies"),
                                         text("CREATE INDEX CONCURRENTLY i ON movies (id);"),
                                         text(""),
                                         {}}};
  std::vector<qm_value> parameters_{
      {sizeof(qm_value), QM_VALUE_SENSITIVE, 2950, 0, text("id"), text("uuid")}};
  std::vector<qm_value> columns_{
      {sizeof(qm_value), QM_VALUE_NULLABLE, 25, 0, text("title"), text("text")},
      {sizeof(qm_value), 0, 0, 0, text("state"), text("movie.state")}};
  std::vector<qm_query> queries_{{sizeof(qm_query),
                                  QM_QUERY_OPT,
                                  QM_QUERY_REPLICA,
                                  200,
                                  0,
                                  text("GetMovie"),
                                  text("SELECT title, state FROM movies WHERE id = $1"),
                                  text("opt (uuid) -> (text?)"),
                                  text("One movie."),
                                  text("queries/movies.sql"),
                                  12,
                                  0,
                                  {},
                                  {},
                                  {}},
                                 {sizeof(qm_query),
                                  QM_QUERY_EXEC,
                                  0,
                                  0,
                                  0,
                                  text("Touch"),
                                  text("SELECT 1"),
                                  text("exec () -> ()"),
                                  text(""),
                                  text(""),
                                  0,
                                  0,
                                  {},
                                  {},
                                  {}}};
  qm_plugin plugin_{sizeof(qm_plugin),
                    QM_PLUGIN_ABI_MAJOR,
                    QM_PLUGIN_ABI_MINOR,
                    0,
                    text("movie"),
                    text("Movies"),
                    text("0.1.0"),
                    text("The movie library"),
                    {},
                    {},
                    {},
                    {},
                    {},
                    nullptr,
                    nullptr,
                    nullptr};
};

TEST_F(DescriptorTest, CopiesEverything) {
  const Descriptor descriptor = read();
  const PluginInfo& info = descriptor.info;
  EXPECT_EQ(info.id, "movie");
  EXPECT_EQ(info.name, "Movies");
  EXPECT_EQ(info.version, "0.1.0");
  EXPECT_EQ(info.description, "The movie library");
  EXPECT_EQ(info.dependencies.at(0).version_range, ">=0.1.0");
  EXPECT_THAT(info.schemas, testing::ElementsAre("public", "movie"));
  ASSERT_EQ(info.ranges.size(), 2U);
  EXPECT_EQ(info.ranges[1].last, 299U);
  ASSERT_EQ(info.migrations.size(), 2U);
  EXPECT_EQ(info.migrations[0].slug, "create_movies");
  EXPECT_EQ(info.migrations[0].checksum, to_hex(sha256("CREATE TABLE movies ();\n")));
  EXPECT_TRUE(info.migrations[0].transactional);
  EXPECT_FALSE(info.migrations[1].transactional);
  EXPECT_EQ(info.migrations[1].down_sql, "");

  ASSERT_EQ(descriptor.queries.size(), 2U);
  const RegisteredQuery& query = descriptor.queries[0];
  EXPECT_EQ(query.full_name, "movie.GetMovie");
  EXPECT_EQ(query.kind, QueryKind::opt);
  EXPECT_TRUE(query.replica);
  EXPECT_EQ(query.since_version, 200U);
  EXPECT_EQ(query.source_line, 12U);
  ASSERT_EQ(query.parameters.size(), 1U);
  EXPECT_TRUE(query.parameters[0].sensitive);
  ASSERT_EQ(query.columns.size(), 2U);
  EXPECT_TRUE(query.columns[0].nullable);
  EXPECT_EQ(query.columns[1].type, "movie.state");
}

TEST_F(DescriptorTest, NullDescriptor) {
  EXPECT_THROW(read_descriptor(nullptr, manifest_), PluginError);
}

TEST_F(DescriptorTest, UndersizedStruct) {
  plugin_.struct_size = sizeof(qm_plugin) - 1;
  EXPECT_THAT(problem(), HasSubstr("struct_size of at least"));
}

TEST_F(DescriptorTest, UndersizedElement) {
  migrations_[1].struct_size = 8;
  EXPECT_THAT(problem(), AllOf(HasSubstr("migrations[1]"), HasSubstr("found 8")));
}

TEST_F(DescriptorTest, ElementLargerThanTheStride) {
  ranges_[0].struct_size = sizeof(qm_migration_range) + 4;
  EXPECT_THAT(problem(), HasSubstr("at most the stride"));
}

TEST_F(DescriptorTest, StrideBelowTheElement) {
  plugin_.queries.stride = sizeof(qm_query) - 8;
  EXPECT_THAT(problem(), HasSubstr("queries: expected stride of at least"));
}

TEST_F(DescriptorTest, StringArraysHaveStridesToo) {
  plugin_.schemas.stride = 8;
  EXPECT_THAT(problem(), HasSubstr("schemas: expected stride"));
}

// A plugin built with a later minor has larger elements; what is new in them is skipped.
TEST_F(DescriptorTest, LargerElementsAreReadByTheirStride) {
  struct LargerRange {
    qm_migration_range range;
    std::uint64_t added;
  };
  const std::array<LargerRange, 2> ranges{
      {{{sizeof(LargerRange), 21, 26, 0}, 1}, {{sizeof(LargerRange), 200, 299, 0}, 2}}};
  plugin_.ranges = array(ranges);
  EXPECT_EQ(read().info.ranges.at(1).first, 200U);
}

TEST_F(DescriptorTest, NullArrayWithElements) {
  plugin_.migrations = {nullptr, 3, sizeof(qm_migration)};
  EXPECT_THAT(problem(), HasSubstr("migrations: expected 3 elements, found a null pointer"));
}

TEST_F(DescriptorTest, NullArrayWithoutElements) {
  plugin_.queries = {nullptr, 0, 0};
  EXPECT_TRUE(read().queries.empty());
}

TEST_F(DescriptorTest, TooManyElements) {
  plugin_.queries.count = 100'000;
  EXPECT_THAT(problem(), HasSubstr("at most 10000, found 100000"));
}

TEST_F(DescriptorTest, AbiMajor) {
  plugin_.abi_major = QM_PLUGIN_ABI_MAJOR + 1;
  EXPECT_THAT(problem(), AllOf(HasSubstr("found 2.0"), HasSubstr("newer host")));
  plugin_.abi_major = QM_PLUGIN_ABI_MAJOR - 1;
  EXPECT_THAT(problem(), AllOf(HasSubstr("found 0.0"), HasSubstr("rebuild")));
}

TEST_F(DescriptorTest, AbiMinor) {
  plugin_.abi_minor = QM_PLUGIN_ABI_MINOR + 1;
  EXPECT_THAT(problem(), HasSubstr("expected plugin ABI 1.0 to 1.0, found 1.1"));
}

TEST_F(DescriptorTest, IdentityIsTheManifests) {
  manifest_.id = "music";
  EXPECT_THAT(problem(), HasSubstr("id: expected music as in the manifest, found movie"));
  manifest_.id = "movie";
  manifest_.version = {0, 2, 0};
  EXPECT_THAT(problem(), HasSubstr("version: expected 0.2.0 as in the manifest, found 0.1.0"));
}

TEST_F(DescriptorTest, SyntaxOfIdAndVersion) {
  plugin_.id = text("Movie");
  EXPECT_THAT(problem(), HasSubstr("[a-z]"));
  plugin_.id = text("movie");
  plugin_.version = text("0.1");
  EXPECT_THAT(problem(), HasSubstr("MAJOR.MINOR.PATCH"));
}

TEST_F(DescriptorTest, DependenciesAreTheManifests) {
  manifest_.dependencies.clear();
  EXPECT_THAT(problem(), HasSubstr("dependencies: expected none as in the manifest"));
  manifest_.dependencies = {{"shared", ">=0.2.0"}};
  EXPECT_THAT(problem(), HasSubstr("found shared >=0.1.0"));
}

TEST_F(DescriptorTest, UnknownFlags) {
  dependencies_[0].flags = 1;
  EXPECT_THAT(problem(), HasSubstr("dependency flags"));
  dependencies_[0].flags = 0;
  migrations_[0].flags = 0x10;
  EXPECT_THAT(problem(), AllOf(HasSubstr("migration 21: flags"), HasSubstr("0x10")));
  migrations_[0].flags = 0;
  queries_[1].flags = 0x80000000U;
  EXPECT_THAT(problem(), HasSubstr("query movie.Touch: flags"));
  queries_[1].flags = 0;
  parameters_[0].flags = 0x8;
  EXPECT_THAT(problem(), HasSubstr("parameter 1 flags"));
  parameters_[0].flags = QM_VALUE_SENSITIVE | QM_VALUE_LOGGABLE;
  EXPECT_THAT(problem(), HasSubstr("found both"));
  parameters_[0].flags = 0;
  columns_[0].flags = QM_VALUE_SENSITIVE;
  EXPECT_THAT(problem(), HasSubstr("column 1 flags"));
}

TEST_F(DescriptorTest, TextIsUtf8WithoutNul) {
  plugin_.description = text("bad \xff byte");
  EXPECT_THAT(problem(), HasSubstr("description: expected UTF-8, found byte \\xff at offset 4"));
  plugin_.description = text(std::string_view("a\0b", 3));
  EXPECT_THAT(problem(), HasSubstr("NUL at offset 1"));
  plugin_.description = {nullptr, 5};
  EXPECT_THAT(problem(), HasSubstr("a null pointer with size 5"));
  plugin_.description = {nullptr, 0};
  EXPECT_EQ(problem(), "(accepted)");
}

TEST_F(DescriptorTest, TextHasLimits) {
  // Only the size is looked at before it is refused, so that a wild one is not read.
  plugin_.description = {"x", SIZE_MAX};
  EXPECT_THAT(problem(), HasSubstr("description: expected at most"));
  plugin_.description = text("");
  queries_[1].sql = {"x", 10'000'000};
  EXPECT_THAT(problem(), HasSubstr("query movie.Touch: SQL: expected at most"));
  queries_[1].sql = text("");
  EXPECT_THAT(problem(), HasSubstr("SQL: expected text, found nothing"));
}

TEST_F(DescriptorTest, SchemasHaveNames) {
  schemas_[0] = text("");
  EXPECT_THAT(problem(), HasSubstr("schema: expected text"));
}

TEST_F(DescriptorTest, RangesRunUpwardsFromOne) {
  ranges_[0].first = 0;
  EXPECT_THAT(problem(), HasSubstr("found 0 to 26"));
  ranges_[0].first = 27;
  EXPECT_THAT(problem(), HasSubstr("found 27 to 26"));
}

TEST_F(DescriptorTest, OwnRangesDoNotOverlap) {
  ranges_[1].first = 26;
  EXPECT_THAT(problem(), HasSubstr("no overlap with its own 21 to 26, found 26 to 299"));
}

TEST_F(DescriptorTest, MigrationsLieInTheRanges) {
  migrations_[0].version = 20;
  EXPECT_THAT(problem(), HasSubstr("versions within 21 to 26, 200 to 299, found 20"));
}

TEST_F(DescriptorTest, MigrationsAscend) {
  std::swap(migrations_[0], migrations_[1]);
  EXPECT_THAT(problem(), HasSubstr("a version above 200, in ascending order, found 21"));
  migrations_[1] = migrations_[0];
  EXPECT_THAT(problem(), HasSubstr("found 200"));
}

TEST_F(DescriptorTest, SlugSyntax) {
  migrations_[0].slug = text("Create Movies");
  EXPECT_THAT(problem(), HasSubstr("slug: expected [a-z0-9_]{1,200}, found Create Movies"));
}

TEST_F(DescriptorTest, ChecksumIsOfTheUpSql) {
  migrations_[0].sha256[31] ^= 1;
  EXPECT_THAT(problem(), AllOf(HasSubstr("migration 21: checksum"), HasSubstr("rebuild")));
}

TEST_F(DescriptorTest, UpSqlIsNeverEmpty) {
  migrations_[0].up_sql = text("");
  EXPECT_THAT(problem(), HasSubstr("up SQL: expected text"));
}

TEST_F(DescriptorTest, QueryNameAndKind) {
  queries_[1].name = text("Get Movie");
  EXPECT_THAT(problem(), HasSubstr("query name"));
  queries_[1].name = text("Touch");
  queries_[1].kind = 0;
  EXPECT_THAT(problem(), HasSubstr("kind: expected 1 to 10, found 0"));
  queries_[1].kind = 11;
  EXPECT_THAT(problem(), HasSubstr("found 11"));
}

TEST_F(DescriptorTest, SignatureHashIsOfTheSignature) {
  ++queries_[0].signature_hash;
  EXPECT_THAT(problem(), HasSubstr("query movie.GetMovie: signature hash"));
}

TEST_F(DescriptorTest, NameAndSignatureTogetherAreUnique) {
  queries_[1].name = queries_[0].name;
  EXPECT_EQ(read().queries.size(), 2U);  // an old and a new signature side by side
  queries_[1].signature = queries_[0].signature;
  queries_[1].signature_hash = queries_[0].signature_hash;
  EXPECT_THAT(problem(), HasSubstr("GetMovie more than once"));
}

TEST_F(DescriptorTest, SinceVersionIsOwn) {
  queries_[0].since_version = 100;
  EXPECT_THAT(problem(), HasSubstr("since version"));
}

TEST_F(DescriptorTest, TypesAreFixedOidsOrQualifiedNames) {
  columns_[1].type_name = text("state");
  EXPECT_THAT(problem(), HasSubstr("column 2 type: expected a schema-qualified name"));
  columns_[1].type_name = text("movie.state");
  columns_[1].type_oid = 16'500;
  EXPECT_THAT(problem(), HasSubstr("below 10000"));
}

TEST_F(DescriptorTest, ValuesArriveInStrides) {
  queries_[0].columns.stride = 4;
  EXPECT_THAT(problem(), HasSubstr("query movie.GetMovie: columns: expected stride"));
  queries_[0].columns = array(columns_);
  queries_[0].columns.count = 1665;
  EXPECT_THAT(problem(), HasSubstr("at most 1664"));
}

}  // namespace
}  // namespace qm::plugin
