// The annotations above a query: what each of them leaves behind, and what is refused where.
#include "codegen/annotations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codegen_input.hpp"

namespace qm::codegen {
namespace {

using test::fault;
using test::parse_queries;
using testing::ElementsAre;

Annotations read(const std::string& lines) {
  return parse_queries("-- name: Q :one\n" + lines + "\nselect 1").at(0).annotations;
}

std::string refused(const std::string& lines) {
  return fault([&] { read(lines); });
}

std::vector<std::string> names(const std::vector<Mention>& mentions) {
  std::vector<std::string> out;
  for (const Mention& mention : mentions)
    out.push_back(mention.name);
  return out;
}

TEST(Annotations, AreAbsentByDefault) {
  const Annotations annotations = read("-- An e-mail to a@b.c says @since.");
  EXPECT_TRUE(annotations.params.empty());
  EXPECT_TRUE(annotations.sensitive.empty());
  EXPECT_TRUE(annotations.loggable.empty());
  EXPECT_TRUE(annotations.not_null.empty());
  EXPECT_TRUE(annotations.nullable.empty());
  EXPECT_EQ(annotations.since, std::nullopt);
  EXPECT_FALSE(annotations.replica);
}

TEST(Annotations, ListNames) {
  const Annotations annotations = read(
      "-- @params a, b,c d\n-- @sensitive a\n--@loggable b\n-- @notnull x , y\n-- @nullable z");
  EXPECT_THAT(names(annotations.params), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(names(annotations.sensitive), ElementsAre("a"));
  EXPECT_THAT(names(annotations.loggable), ElementsAre("b"));
  EXPECT_THAT(names(annotations.not_null), ElementsAre("x", "y"));
  EXPECT_THAT(names(annotations.nullable), ElementsAre("z"));
}

TEST(Annotations, AddUpOverLines) {
  EXPECT_THAT(names(read("-- @params a, b\n-- @params c").params), ElementsAre("a", "b", "c"));
}

TEST(Annotations, RememberWhereANameStands) {
  const auto query = parse_queries("-- name: Q :one\n--  @sensitive one,  two\nselect 1").at(0);
  const Mention& two = query.annotations.sensitive.at(1);
  EXPECT_EQ(query.source->position(two.offset), (Position{2, 22}));
}

TEST(Annotations, ReadVersionReplicaAndLong) {
  const Annotations annotations = read("-- @since 000103\n-- @replica\n-- @long");
  EXPECT_TRUE(annotations.is_long);
  EXPECT_EQ(annotations.since, 103U);
  EXPECT_TRUE(annotations.replica);
}

TEST(Annotations, RefuseUnknownOnes) {
  EXPECT_EQ(
      refused("-- @secret a"),
      "q.sql:2:4: query Q: expected one of @params @sensitive @loggable @since @requires @replica "
      "@long @notnull @nullable, found @secret");
  EXPECT_EQ(
      refused("-- @Sensitive a"),
      "q.sql:2:4: query Q: expected one of @params @sensitive @loggable @since @requires @replica "
      "@long @notnull @nullable, found @Sensitive");
}

TEST(Annotations, RefuseAnEmptyList) {
  for (const std::string word : {"@params", "@sensitive", "@loggable", "@notnull", "@nullable"}) {
    EXPECT_EQ(
        refused("-- " + word + " ,"),
        "q.sql:2:4: query Q: expected names separated by commas, found nothing after " + word);
  }
}

TEST(Annotations, RefuseANameTwice) {
  EXPECT_EQ(refused("-- @notnull a, b, a"),
            "q.sql:2:19: query Q: expected each name once in @notnull, found a again");
  EXPECT_EQ(refused("-- @params a\n-- @params a"),
            "q.sql:3:12: query Q: expected each name once in @params, found a again");
}

TEST(Annotations, RefuseWhatIsNoVersion) {
  const std::string expected =
      ": query Q: expected a schema version such as \"@since 103\", found ";
  EXPECT_EQ(refused("-- @since"), "q.sql:2:4" + expected + "@since");
  EXPECT_EQ(refused("-- @since 0"), "q.sql:2:11" + expected + "@since 0");
  EXPECT_EQ(refused("-- @since -1"), "q.sql:2:11" + expected + "@since -1");
  EXPECT_EQ(refused("-- @since 1x"), "q.sql:2:11" + expected + "@since 1x");
  EXPECT_EQ(refused("-- @since 4294967296"), "q.sql:2:11" + expected + "@since 4294967296");
  EXPECT_EQ(refused("-- @since 1 2"), "q.sql:2:11" + expected + "@since 1 2");
}

TEST(Annotations, ReadWhatOfOtherPluginsIsRequired) {
  const Annotations annotations = read("-- @requires movie 202\n-- @requires tvshow");
  ASSERT_EQ(annotations.requirements.size(), 2U);
  EXPECT_EQ(annotations.requirements[0].plugin, "movie");
  EXPECT_EQ(annotations.requirements[0].since, 202U);
  EXPECT_EQ(annotations.requirements[1].plugin, "tvshow");
  EXPECT_EQ(annotations.requirements[1].since, 0U) << "any";
}

TEST(Annotations, RefuseARequirementWithoutPluginOrVersion) {
  for (const std::string text :
       {"@requires", "@requires movie x", "@requires movie 0", "@requires movie 1 2"}) {
    EXPECT_THAT(refused("-- " + text),
                testing::AllOf(testing::StartsWith("q.sql:2:"),
                               testing::HasSubstr("query Q: expected a plugin and a version of it "
                                                  "such as \"@requires movie 202\", found " +
                                                  text)));
  }
}

TEST(Annotations, RefuseTwoVersions) {
  EXPECT_EQ(refused("-- @since 103\n-- @since 104"),
            "q.sql:3:4: query Q: expected @since once, found @since 104");
}

TEST(Annotations, RefuseWordsAfterReplica) {
  EXPECT_EQ(refused("-- @long 5 s"), "q.sql:2:4: query Q: expected @long alone, found @long 5 s");
  EXPECT_EQ(refused("-- @replica yes"),
            "q.sql:2:4: query Q: expected @replica alone, found @replica yes");
}

TEST(Annotations, RefuseBothNotNullAndNullable) {
  EXPECT_EQ(refused("-- @notnull a\n-- @nullable b, a"),
            "q.sql:3:17: query Q: column a: expected @notnull or @nullable, found both");
  EXPECT_EQ(refused("-- @nullable a\n-- @notnull a"),
            "q.sql:3:13: query Q: column a: expected @notnull or @nullable, found both");
}

TEST(Annotations, BelongAboveTheStatement) {
  EXPECT_EQ(
      fault([] { parse_queries("-- name: Q :one\nselect\n-- @since 3\n1"); }),
      "q.sql:3:4: query Q: expected annotations above the statement, found @since 3 inside it");
  // Words that are no annotation are a comment like any other there.
  EXPECT_NO_THROW(parse_queries("-- name: Q :one\nselect -- @home\n1"));
}

TEST(CommentText, IsWithoutDashesAndBlanks) {
  const Source source("q.sql", "  --  a b\t");
  const auto tokens = lex(source);
  const CommentText text = comment_text(tokens.at(0));
  EXPECT_EQ(text.text, "a b");
  EXPECT_EQ(text.offset, 6U);
  EXPECT_FALSE(is_name_line(tokens[0]));
  const Source empty("q.sql", "--");
  EXPECT_EQ(comment_text(lex(empty).at(0)).text, "");
}

}  // namespace
}  // namespace qm::codegen
