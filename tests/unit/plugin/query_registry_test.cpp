// Registered queries keep their address and index.
#include "plugin/query_registry.hpp"

#include <gtest/gtest.h>

namespace qm::plugin {
namespace {

RegisteredQuery query(const char* name, const char* sql) {
  RegisteredQuery result;
  result.plugin = "registry_test";
  result.name = name;
  result.full_name = result.plugin + "." + name;
  result.sql = sql;
  result.columns = {{.name = "id", .type = "integer", .type_oid = 23}};
  return result;
}

TEST(QueryRegistry, IndexesAreDense) {
  const RegisteredQuery* first = register_query(query("IndexesAreDense", "SELECT 1"));
  const RegisteredQuery* second = register_query(query("IndexesAreDense", "SELECT 2"));
  EXPECT_EQ(second->index, first->index + 1);
  EXPECT_EQ(second->sql, "SELECT 2");
}

TEST(QueryRegistry, TheSameQueryIsTheSameObject) {
  const RegisteredQuery* first = register_query(query("Same", "SELECT 1"));
  EXPECT_EQ(register_query(query("Same", "SELECT 1")), first);
}

TEST(QueryRegistry, AnyDifferenceIsAnotherQuery) {
  const RegisteredQuery* first = register_query(query("Differs", "SELECT 1"));
  RegisteredQuery nullable = query("Differs", "SELECT 1");
  nullable.columns[0].nullable = true;
  EXPECT_NE(register_query(nullable), first);
  RegisteredQuery moved = query("Differs", "SELECT 1");
  moved.parameters = std::move(moved.columns);
  moved.columns.clear();
  EXPECT_NE(register_query(moved), first);
}

}  // namespace
}  // namespace qm::plugin
