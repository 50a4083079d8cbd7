// The parameters of a statement: how they are found, numbered, named and marked, what the
// rewritten text is, and how its places map back to the source.
#include "codegen/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codegen_input.hpp"

namespace qm::codegen {
namespace {

using test::fault;
using test::faults;
using test::parse_queries;
using test::query_of;
using testing::ElementsAre;

std::string sql(const std::string& statement) {
  return rewrite_parameters(query_of(statement)).sql();
}

// Names with ? when nullable, ! when sensitive, + when loggable.
std::vector<std::string> names(const SourceQuery& query) {
  std::vector<std::string> out;
  const Statement statement = rewrite_parameters(query);
  for (const Parameter& parameter : statement.parameters()) {
    out.push_back(parameter.name + (parameter.nullable ? "?" : "") +
                  (parameter.sensitive ? "!" : "") + (parameter.loggable ? "+" : ""));
  }
  return out;
}

std::vector<std::string> names(const std::string& statement) {
  return names(query_of(statement));
}

SourceQuery annotated(const std::string& annotation, const std::string& statement) {
  return parse_queries("-- name: Q :many\n" + annotation + "\n" + statement).at(0);
}

std::string refused(const SourceQuery& query) {
  return fault([&] { rewrite_parameters(query); });
}

TEST(Parameters, LeaveAStatementWithoutAnyAlone) {
  EXPECT_EQ(sql("select 'x' -- why\n, 2"), "select 'x' -- why\n, 2");
  EXPECT_THAT(names("select 1"), ElementsAre());
}

TEST(Parameters, KeepPositionalOnes) {
  EXPECT_EQ(sql("select $2, $1, $2"), "select $2, $1, $2");
  EXPECT_THAT(names("select $2, $1"), ElementsAre("arg1", "arg2"));
}

TEST(Parameters, ASliceIsOneArray) {
  EXPECT_EQ(sql("select x from t where a = @a and id in (sqlc.slice(ids)) limit 1"),
            "select x from t where a = $1 and id = any ($2) limit 1");
  EXPECT_EQ(sql("select x from t where id NOT IN ( sqlc.slice('ids') )"),
            "select x from t where id <> all ($1)");
  EXPECT_EQ(sql("select @a in (sqlc.slice(l)), @b in (sqlc.slice(l))"),
            "select $1 = any ($2), $3 = any ($2)");
  EXPECT_THAT(names("select 1 where 1 in (sqlc.slice(ids))"), ElementsAre("ids"));
}

TEST(Parameters, AnEmbedIsAllColumnsOfATable) {
  const SourceQuery query =
      query_of("select sqlc.embed(a), @x, sqlc.embed(\"B b\") from a, \"B b\"");
  const Statement statement = rewrite_parameters(query);
  EXPECT_EQ(statement.sql(), "select \"a\".*, $1, \"B b\".* from a, \"B b\"");
  ASSERT_EQ(statement.embeds().size(), 2U);
  EXPECT_EQ(statement.embeds()[0].name, "a");
  EXPECT_EQ(statement.embeds()[0].sql_offset, 7U);
  EXPECT_EQ(statement.embeds()[1].name, "B b");
  EXPECT_THAT(names(query), ElementsAre("x"));
}

TEST(Parameters, ASliceStandsForAWholeList) {
  for (const char* statement :
       {"select sqlc.slice(x)", "select 1 where 1 in (2, sqlc.slice(x))",
        "select 1 where 1 in (sqlc.slice(x), 2)", "select 1 where 1 = any (sqlc.slice(x))"}) {
    EXPECT_THAT(refused(query_of(statement)), testing::HasSubstr("expected in (sqlc.slice(x))"));
  }
}

TEST(Parameters, NumberNamesByFirstAppearance) {
  EXPECT_EQ(sql("select @b, @a, @b::int"), "select $1, $2, $1::int");
  EXPECT_THAT(names("select @b, @a, @b"), ElementsAre("b", "a"));
}

TEST(Parameters, TakeMacros) {
  EXPECT_EQ(sql("select sqlc.arg(a), SQLC . Narg ( b ), sqlc.arg('c'), sqlc.arg(\"d e\")"),
            "select $1, $2, $3, $4");
  EXPECT_THAT(names("select sqlc.arg(a), sqlc.narg(b), sqlc.arg('c')"),
              ElementsAre("a", "b?", "c"));
}

TEST(Parameters, AreNullableWhenAnyMentionIs) {
  EXPECT_THAT(names("select @a, sqlc.narg(a), sqlc.arg(a)"), ElementsAre("a?"));
}

TEST(Parameters, KeepTheCaseOfNames) {
  EXPECT_THAT(names("select sqlc.arg(userID), @userId"), ElementsAre("userID", "userId"));
}

TEST(Parameters, MixBothSortsWithoutMeeting) {
  EXPECT_EQ(sql("select $2, @a, @b, $2"), "select $2, $1, $3, $2");
  EXPECT_THAT(names("select $2, @a, @b"), ElementsAre("a", "arg2", "b"));
}

TEST(Parameters, AreNotSeenInStringsAndComments) {
  const std::string text =
      "select '@a $9 sqlc.arg(x)', $q$ @b $8 $q$, \"@c\", E'\\'@d' -- @e $7\n/* sqlc.arg(f) */, 1";
  EXPECT_EQ(sql(text), text);
  EXPECT_THAT(names(text), ElementsAre());
}

TEST(Parameters, AreNotSeenInOperators) {
  const std::string text = "select a @> b, c <@ d, e @@ f, g ? 'h', @ -5";
  EXPECT_EQ(sql(text), text);
}

TEST(Parameters, KeepTheirNumberApartFromWhatFollows) {
  EXPECT_EQ(sql("select 1 limit sqlc.arg(a)offset sqlc.arg(b)"), "select 1 limit $1 offset $2");
  EXPECT_EQ(sql("select sqlc.arg(a)5"), "select $1 5");
}

TEST(Parameters, RefuseNumbersOutOfRange) {
  const std::string expected = ": query Q: expected $1 to $65535, found ";
  EXPECT_EQ(refused(query_of("select $0")), "q.sql:2:8" + expected + "$0");
  EXPECT_EQ(refused(query_of("select $65536")), "q.sql:2:8" + expected + "$65536");
  EXPECT_EQ(refused(query_of("select\n $99999999999999999999999")),
            "q.sql:3:2" + expected + "$99999999999999999999999");
}

TEST(Parameters, RefuseAGapOnce) {
  EXPECT_EQ(refused(query_of("select $2, $3")),
            "q.sql:2:12: query Q: expected $1 to be used as well, found $3 without it");
  EXPECT_EQ(refused(query_of("select $4, @a, $5")),
            "q.sql:2:8: query Q: expected $2 to be used as well, found $4 without it");
}

TEST(Parameters, RefuseOtherMacros) {
  EXPECT_EQ(refused(query_of("select sqlc.slice(a)")),
            "q.sql:2:8: query Q: expected in (sqlc.slice(a)), found sqlc.slice "
            "elsewhere (an array of your own is = any (@name))");
  EXPECT_EQ(refused(query_of("select sqlc.")),
            "q.sql:2:8: query Q: expected sqlc.arg(name), sqlc.narg(name), "
            "sqlc.slice(name) or sqlc.embed(table), found sqlc.nothing");
}

TEST(Parameters, RefuseMacrosWithoutASingleName) {
  for (const std::string call : {"sqlc.arg()", "sqlc.arg(1)", "sqlc.arg(a, b)", "sqlc.arg(a",
                                 "sqlc.arg", "sqlc.arg(@a)", "sqlc.arg('')"}) {
    const auto lines = faults([&] { rewrite_parameters(query_of("select " + call)); });
    EXPECT_THAT(lines, ElementsAre("q.sql:2:8: query Q: expected sqlc.arg(name), found no single "
                                   "name between parentheses"))
        << call;
  }
}

TEST(Parameters, RefuseANameThatABareOneHas) {
  EXPECT_EQ(refused(query_of("select $1, @arg1")),
            "q.sql:2:12: query Q: expected a name other than that of $1, found arg1");
  // arg1 of its own number is the one that it says.
  EXPECT_THAT(names("select @arg1, @arg2"), ElementsAre("arg1", "arg2"));
}

TEST(ParameterOrder, FollowsParams) {
  const SourceQuery query = annotated("-- @params b, c, a", "select @a, @b, sqlc.narg(c)");
  EXPECT_EQ(rewrite_parameters(query).sql(), "select $3, $1, $2");
  EXPECT_THAT(names(query), ElementsAre("b", "c?", "a"));
}

TEST(ParameterOrder, LeavesNumbersInUseAlone) {
  const SourceQuery query = annotated("-- @params b, a", "select @a, @b, $2");
  EXPECT_EQ(rewrite_parameters(query).sql(), "select $3, $1, $2");
}

TEST(ParameterOrder, RefusesNamesThatAreNoParameters) {
  EXPECT_THAT(
      faults([] { rewrite_parameters(annotated("-- @params a, x, y", "select @a")); }),
      ElementsAre("q.sql:2:15: query Q: expected a parameter of the statement in @params, found x",
                  "q.sql:2:18: query Q: expected a parameter of the statement in @params, found "
                  "y"));
}

TEST(ParameterOrder, RefusesToLeaveParametersOut) {
  EXPECT_EQ(refused(annotated("-- @params b", "select @c, @b, @a, $4")),
            "q.sql:2:12: query Q: expected every parameter in @params, found none of a, c");
}

TEST(ParameterMarks, AreSet) {
  EXPECT_THAT(names(annotated("-- @sensitive password\n-- @loggable login",
                              "select @login, @password, @other")),
              ElementsAre("login+", "password!", "other"));
  EXPECT_THAT(names(annotated("-- @sensitive arg2", "select $1, $2")),
              ElementsAre("arg1", "arg2!"));
}

TEST(ParameterMarks, RefuseUnknownParameters) {
  EXPECT_THAT(
      faults([] {
        rewrite_parameters(annotated("-- @sensitive b\n-- @loggable c", "select @a, sqlc.narg(d)"));
      }),
      ElementsAre("q.sql:2:15: query Q: expected @sensitive to name a parameter (a, d), found b",
                  "q.sql:3:14: query Q: expected @loggable to name a parameter (a, d), found c"));
  EXPECT_EQ(
      refused(annotated("-- @sensitive a", "select 1")),
      "q.sql:2:15: query Q: expected @sensitive to name a parameter (there is none), found a");
}

TEST(ParameterMarks, RefuseBothAtOnce) {
  EXPECT_EQ(refused(annotated("-- @sensitive a\n-- @loggable a", "select @a")),
            "q.sql:3:14: query Q: parameter a: expected @sensitive or @loggable, found both");
}

TEST(StatementPlaces, MapBackToTheSource) {
  const SourceQuery query = query_of("select @first, sqlc.narg(second) as x");
  const Statement statement = rewrite_parameters(query);
  ASSERT_EQ(statement.sql(), "select $1, $2 as x");
  const auto column = [&](std::size_t offset) {
    return query.source->position(statement.source_offset(offset)).column;
  };
  EXPECT_EQ(column(0), 1U);
  EXPECT_EQ(column(7), 8U);    // $1
  EXPECT_EQ(column(8), 8U);    // inside it
  EXPECT_EQ(column(9), 14U);   // the comma
  EXPECT_EQ(column(11), 16U);  // $2
  EXPECT_EQ(column(12), 16U);
  EXPECT_EQ(column(17), 37U);  // x
  EXPECT_EQ(column(18), 38U);  // the end
}

}  // namespace
}  // namespace qm::codegen
