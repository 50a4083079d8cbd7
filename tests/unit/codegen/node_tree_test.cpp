// Reading PostgreSQL's printed trees.
#include "codegen/node_tree.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace qm::codegen {
namespace {

TEST(NodeTree, HasFieldsListsAndNumbers) {
  const Node node = read_node(
      "{QUERY :commandType 1 :canSetTag true :rtable ({RTE :alias <> :relid 16385} {RTE :relid "
      "2})\n:oids (o 10 20) :empty \"\" :names (\"a\" \"b c\")}");
  EXPECT_TRUE(node.is("QUERY"));
  EXPECT_EQ(node["commandType"].number(), 1);
  EXPECT_TRUE(node["canSetTag"].is_true());
  ASSERT_EQ(node["rtable"].items().size(), 2U);
  EXPECT_TRUE(node["rtable"].items()[0]["alias"].is_none());
  EXPECT_EQ(node["rtable"].items()[0]["relid"].number(), 16385);
  ASSERT_EQ(node["oids"].items().size(), 2U);
  EXPECT_EQ(node["oids"].items()[1].number(), 20);
  EXPECT_TRUE(node["nothing"].is_none());
  EXPECT_TRUE(node["nothing"]["deeper"].is_none());
}

TEST(NodeTree, UndoesEscapes) {
  const Node node = read_node(R"({TARGETENTRY :resname a\ \(b\)\ \{c\}\\ :resno 1})");
  EXPECT_EQ(node["resname"].text(), R"(a (b) {c}\)");
  EXPECT_EQ(node["resno"].number(), 1);
}

TEST(NodeTree, ANameMayLookLikeAField) {
  const Node node = read_node("{TARGETENTRY :resname :expr :resno 2}");
  EXPECT_EQ(node["resname"].text(), ":expr");
  EXPECT_EQ(node["resno"].number(), 2);
}

TEST(NodeTree, PassesOverTheBytesOfConstants) {
  const Node node = read_node("{CONST :constisnull false :constvalue 4 [ 1 0 0 0 ] :location 7}");
  EXPECT_EQ(node["location"].number(), 7);
}

TEST(NodeTree, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "{QUERY", "{QUERY :a", "{QUERY :a 1", "(", "(1", "{QUERY a 1}",
                           "{QUERY :a }", "1 2", "}", "{}"}) {
    EXPECT_THROW(read_node(text), std::runtime_error) << text;
  }
  EXPECT_THROW(read_node(std::string(100'000, '(')), std::runtime_error);
}

}  // namespace
}  // namespace qm::codegen
