// Where a migration file's statements begin and end. Needs nothing.
#include "migrate/statements.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qm::migrate {
namespace {

std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> all;
  for (const Statement& statement : split_statements(script))
    all.emplace_back(statement.sql);
  return all;
}

using Texts = std::vector<std::string>;

TEST(Statements, SplitAtSemicolons) {
  EXPECT_EQ(texts("select 1; select 2;\nselect 3"), (Texts{"select 1", "select 2", "select 3"}));
}

TEST(Statements, BlanksAndCommentsAloneAreNone) {
  EXPECT_EQ(texts(""), Texts{});
  EXPECT_EQ(texts(" \n-- nothing; here\n/* nor ; /* here; */ ; */;;\n"), Texts{});
}

TEST(Statements, SemicolonsInStringsStay) {
  EXPECT_EQ(texts("select 'a;b''c;'; select 2"), (Texts{"select 'a;b''c;'", "select 2"}));
  EXPECT_EQ(texts(R"(select E'a\';b'; select 2)"), (Texts{R"(select E'a\';b')", "select 2"}));
  // A backslash is itself in a plain string.
  EXPECT_EQ(texts(R"(select 'a\'; select 2)"), (Texts{R"(select 'a\')", "select 2"}));
}

TEST(Statements, SemicolonsInQuotedIdentifiersStay) {
  EXPECT_EQ(texts(R"(select 1 as "a;""b"; select 2)"),
            (Texts{R"(select 1 as "a;""b")", "select 2"}));
}

TEST(Statements, DollarQuotes) {
  EXPECT_EQ(texts("do $$ begin; end $$; select 2"), (Texts{"do $$ begin; end $$", "select 2"}));
  EXPECT_EQ(texts("do $a$ x; $b$ y; $a$; select $1"), (Texts{"do $a$ x; $b$ y; $a$", "select $1"}));
  EXPECT_EQ(texts("select a$b$c; select 2"), (Texts{"select a$b$c", "select 2"}));
}

TEST(Statements, AtomicBodiesKeepTheirSemicolons) {
  const std::string function =
      "create function f() returns int begin atomic select case when true then 1 end; select 2; "
      "end";
  EXPECT_EQ(texts(function + "; select 3"), (Texts{function, "select 3"}));
}

TEST(Statements, BeginAloneIsNoBody) {
  EXPECT_EQ(texts("begin; select 1; end;"), (Texts{"begin", "select 1", "end"}));
}

TEST(Statements, UnterminatedQuoteRunsToTheEnd) {
  EXPECT_EQ(texts("select 'a; select 2"), (Texts{"select 'a; select 2"}));
  EXPECT_EQ(texts("select $x$a; select 2"), (Texts{"select $x$a; select 2"}));
  EXPECT_EQ(texts("select 1 /* a; select 2"), (Texts{"select 1 /* a; select 2"}));
}

TEST(Statements, LinesCountFromTheFile) {
  const auto statements =
      split_statements("-- title\r\n\r\nselect 1;\n\n/* c\n */ select\n2;\nselect 3");
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[0].line, 3U);
  EXPECT_EQ(statements[1].line, 6U);
  EXPECT_EQ(statements[2].line, 8U);
}

}  // namespace
}  // namespace qm::migrate
