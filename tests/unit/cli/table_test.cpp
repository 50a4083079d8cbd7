// Text tables and JSON of the CLI. Needs nothing.
#include "cli/table.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace qm::cli {
namespace {

TEST(DisplayWidth, CountsTerminalColumns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("Amélie"), 6U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // e and a combining acute accent
  EXPECT_EQ(display_width("七人の侍"), 8U);
  EXPECT_EQ(display_width("\xFF\xFE"), 2U);  // not UTF-8: a column a byte
  EXPECT_EQ(display_width("\xE4\xB8"), 2U);  // cut short
}

TEST(Fit, CutsWithAnEllipsis) {
  EXPECT_EQ(fit("short", 10), "short");
  EXPECT_EQ(fit("exactly10!", 10), "exactly10!");
  EXPECT_EQ(fit("a longer text", 8), "a longe…");
  EXPECT_EQ(fit("七人の侍", 5), "七人…");
  EXPECT_EQ(fit("two\nlines\x1b[31m", 40), "two lines [31m");
}

TEST(Table, AlignsTextLeftAndNumbersRight) {
  const Node::Array rows{Node::Object{{"title", "Amélie"}, {"year", 2001}},
                         Node::Object{{"title", "Up"}, {"year", Node()}}};
  EXPECT_EQ(render_table({{"title"}, {"year"}}, rows),
            "title   year\n"
            "──────  ────\n"
            "Amélie  2001\n"
            "Up\n");
}

TEST(Table, SaysWhenThereIsNothing) {
  EXPECT_EQ(render_table({{"id", "plugin"}}, {}, 2), "  plugin\n  ──────\n  (none)\n");
}

TEST(Record, AlignsValues) {
  EXPECT_EQ(render_record({{"a", 1}, {"long", true}}), "a     1\nlong  yes\n");
}

TEST(Json, KeepsTypesAndOrder) {
  const Node node = Node::Object{{"z", 1},
                                 {"a", Node::Array{Node(), true, 1.5, "q\"\n"}},
                                 {"raw", Node::RawJson{"{\"k\":1}"}},
                                 {"nan", std::numeric_limits<double>::quiet_NaN()}};
  EXPECT_EQ(node.json(),
            "{\n  \"z\": 1,\n  \"a\": [\n    null,\n    true,\n    1.5,\n    \"q\\\"\\n\"\n  ],\n"
            "  \"raw\": {\"k\":1},\n  \"nan\": null\n}\n");
}

}  // namespace
}  // namespace qm::cli
