// What the server says of a statement that is not executed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <quartermaster/oids.hpp>

#include "pools.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;

TEST(Describe, TellsParametersAndColumns) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  connection->execute_script(
      "create domain positive as int; create table t (id uuid, n positive, tags text[])");
  const auto described =
      connection->describe("select id, n, tags as labels from t where id = $1 and n > $2");
  EXPECT_THAT(described.parameters, ElementsAre(oids::uuid, oids::int4));
  ASSERT_EQ(described.columns.size(), 3U);
  EXPECT_EQ(described.columns[0].name, "id");
  EXPECT_EQ(described.columns[0].type, oids::uuid);
  EXPECT_EQ(described.columns[1].type, oids::int4) << "a domain has its base type";
  EXPECT_EQ(described.columns[2].name, "labels");
}

TEST(Describe, TakesDeclaredTypes) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  const std::array<Oid, 1> types{oids::int8};
  EXPECT_EQ(connection->describe("select $1", types).columns.at(0).type, oids::int8);
  EXPECT_EQ(connection->describe("select $1").columns.at(0).type, oids::text);
}

TEST(Describe, ExecutesNothing) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  connection->execute("create table t (i int)");
  EXPECT_TRUE(connection->describe("insert into t values (1)").columns.empty());
  EXPECT_EQ(connection->describe("delete from t returning i").columns.size(), 1U);
  EXPECT_EQ(column(*connection, "select count(*) from t"), "0");
  EXPECT_EQ(column(*connection, "select count(*) from pg_prepared_statements"), "0");
}

TEST(Describe, SaysWhereTheMistakeIs) {
  const TestDatabase database;
  const auto connection = connect(database.url());
  try {
    connection->describe("select 1 + nothing");
    FAIL() << "described";
  } catch (const SyntaxOrAccessError& error) {
    EXPECT_EQ(error.fields().position, 12);
  }
  EXPECT_THROW(connection->describe("select 1; select 2"), SyntaxOrAccessError);
}

}  // namespace
}  // namespace qm::test
