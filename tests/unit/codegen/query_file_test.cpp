// Which statement stands under which name, with which kind, documentation and annotations, and
// everything a file of queries can be refused for.
#include "codegen/query_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "codegen_input.hpp"

namespace qm::codegen {
namespace {

using test::fault;
using test::faults;
using test::parse_queries;
using testing::ElementsAre;

std::string text_of(const SourceQuery& query) {
  const std::size_t begin = query.tokens.front().begin;
  return query.source->text().substr(begin, query.tokens.back().end - begin);
}

std::string file_fault(std::string_view text) {
  return fault([&] { parse_queries(text); });
}

TEST(QueryFile, TakesQueriesInTheirOrder) {
  const auto queries = parse_queries(
      "-- Notes on the file.\n"
      "-- name: First :one\n"
      "select 1;\n"
      "\n"
      "-- name: second_2 :many\n"
      "select 2\n");
  ASSERT_EQ(queries.size(), 2U);
  EXPECT_EQ(queries[0].name, "First");
  EXPECT_EQ(queries[0].kind, Kind::one);
  EXPECT_EQ(text_of(queries[0]), "select 1");
  EXPECT_EQ(queries[0].documentation, "");
  EXPECT_EQ(queries[1].name, "second_2");
  EXPECT_EQ(queries[1].kind, Kind::many);
  EXPECT_EQ(text_of(queries[1]), "select 2");
  EXPECT_EQ(queries[1].source->position(queries[1].name_offset), (Position{5, 10}));
}

TEST(QueryFile, HasNothingWithoutQueries) {
  EXPECT_TRUE(parse_queries("").empty());
  EXPECT_TRUE(parse_queries("-- only a note\n/* and another */\n;;\n").empty());
}

TEST(QueryFile, KnowsEveryKind) {
  const auto queries = parse_queries(
      "-- name: A :one\nselect 1;-- name: B :opt\nselect 1;\n-- name: C :many\nselect 1;\n"
      "-- name: D :exec\nselect 1;\n-- name: E :execrows\nselect 1;");
  std::vector<Kind> kinds;
  for (const auto& query : queries)
    kinds.push_back(query.kind);
  EXPECT_THAT(kinds, ElementsAre(Kind::one, Kind::opt, Kind::many, Kind::exec, Kind::execrows));
  for (const Kind kind : kinds)
    EXPECT_EQ(parse_kind(to_string(kind)), kind);
  EXPECT_EQ(parse_kind("one"), std::nullopt);
}

TEST(QueryFile, ReadsCrLfAsLf) {
  const auto queries = parse_queries("-- name: A :one\r\n-- Says\r\n-- this.\r\nselect\r\n1;\r\n");
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(queries[0].documentation, "Says\nthis.");
  EXPECT_EQ(text_of(queries[0]), "select\n1");
}

TEST(QueryFile, DocumentsWithTheCommentsAboveTheStatement) {
  const auto queries = parse_queries(
      "-- of nobody\n"
      "-- name: A :one\n"
      "--   The first line;\n"
      "--\n"
      "-- the second 'one.\n"
      "-- @since 103\n"
      "--\n"
      "/* not this */\n"
      "select 1 -- nor this\n"
      "-- nor that\n"
      ";\n"
      "-- nor here\n");
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(queries[0].documentation, "The first line;\n\nthe second 'one.");
  EXPECT_EQ(queries[0].annotations.since, 103U);
  EXPECT_EQ(text_of(queries[0]), "select 1");  // comments after the last word are left out
}

TEST(QueryFile, KeepsCommentsInsideTheStatement) {
  const auto queries = parse_queries("-- name: A :one\nselect -- one\n  /* two */ 1;");
  EXPECT_EQ(text_of(queries.at(0)), "select -- one\n  /* two */ 1");
}

TEST(QueryFile, SeesNoNameInsideAString) {
  const auto queries = parse_queries("-- name: A :one\nselect '\n-- name: B :one\n;';");
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(text_of(queries[0]), "select '\n-- name: B :one\n;'");
}

TEST(QueryFile, LetsTheNextNameEndAStatement) {
  const auto queries = parse_queries("-- name: A :one\nselect 1\n-- name: B :one\nselect 2");
  ASSERT_EQ(queries.size(), 2U);
  EXPECT_EQ(text_of(queries[0]), "select 1");
}

TEST(QueryFile, RefusesABadName) {
  const std::string expected =
      ": a query's name: expected a letter or _, then letters, digits and _, at most 63, found ";
  EXPECT_EQ(file_fault("-- name:\nselect 1;"), "q.sql:1:1" + expected + "nothing");
  EXPECT_EQ(file_fault("-- name: 2nd :one\nselect 1;"), "q.sql:1:10" + expected + "2nd");
  EXPECT_EQ(file_fault("-- name: Get-It :one\nselect 1;"), "q.sql:1:10" + expected + "Get-It");
  EXPECT_EQ(file_fault("-- name: Get$ :one\nselect 1;"), "q.sql:1:10" + expected + "Get$");
  EXPECT_EQ(file_fault("--  name: \xC3\x84 :one\nselect 1;"), "q.sql:1:11" + expected + "\xC3\x84");
  EXPECT_EQ(file_fault("-- name: :one\nselect 1;"), "q.sql:1:10" + expected + ":one");
  const std::string longest(63, 'n');
  EXPECT_EQ(parse_queries("-- name: " + longest + " :one\nselect 1").at(0).name, longest);
  EXPECT_EQ(file_fault("-- name: " + longest + "n :one\nselect 1"),
            "q.sql:1:10" + expected + longest + "n");
}

TEST(QueryFile, RefusesAMissingOrUnknownKind) {
  const std::string expected =
      ": query A: expected one of :one :opt :many :exec :execrows :execresult "
      ":copyfrom :batchexec :batchone :batchopt :batchmany, found ";
  EXPECT_EQ(file_fault("\n-- name: A\nselect 1;"), "q.sql:2:11" + expected + "nothing");
  EXPECT_EQ(file_fault("-- name: A one\nselect 1;"), "q.sql:1:12" + expected + "one");
  EXPECT_EQ(file_fault("-- name: A :One\nselect 1;"), "q.sql:1:12" + expected + ":One");
  EXPECT_EQ(file_fault("-- name: A :execlastid\nselect 1;"),
            "q.sql:1:12" + expected + ":execlastid");
}

TEST(QueryFile, TakesTheNameFromABlockCommentToo) {
  const auto queries = parse_queries("/* name: A :one */\n-- About it.\nselect 1;");
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(queries[0].name, "A");
  EXPECT_EQ(queries[0].documentation, "About it.");
}

TEST(QueryFile, PassesOverAnnotationsOfOtherTools) {
  EXPECT_EQ(parse_queries("-- name: A :one\n-- @sqlc-vet-disable\nselect 1;").size(), 1U);
}

TEST(QueryFile, RefusesMoreThanNameAndKind) {
  EXPECT_EQ(file_fault("-- name: A :one :many\nselect 1;"),
            "q.sql:1:17: query A: expected the end of the line after the kind, found :many");
}

TEST(QueryFile, RefusesANameWithoutStatement) {
  const std::string end = ": query A: expected a statement below its name, found none";
  EXPECT_EQ(file_fault("-- name: A :one\n"), "q.sql:1:10" + end);
  EXPECT_EQ(file_fault("-- name: A :one\n-- with words\n;\n"), "q.sql:1:10" + end);
  EXPECT_EQ(file_fault("-- name: A :one\n-- name: B :one\nselect 1"), "q.sql:1:10" + end);
}

TEST(QueryFile, RefusesAStatementWithoutName) {
  EXPECT_EQ(file_fault("select 1;\n-- name: A :one\nselect 1;"),
            "q.sql:1:1: a statement without a name: expected a line \"-- name: NAME :KIND\" above "
            "it, found select");
}

TEST(QueryFile, RefusesASecondStatementUnderOneName) {
  EXPECT_EQ(file_fault("-- name: A :one\nselect 1;\n update t set x = 1; delete from t;\n"),
            "q.sql:3:2: query A: expected one statement, found a second one: update (give it a "
            "\"-- name: NAME :KIND\" line of its own)");
}

TEST(QueryFile, NamesEveryFaultOfAFile) {
  EXPECT_THAT(
      faults([] {
        parse_queries(
            "-- name: A :none\nselect 1;\n"
            "-- name: B :one\n-- @sinse 3\nselect 1;\n"
            "-- name: C :one\n;\n"
            "-- name: D :one\nselect 1; select 2;\n"
            "-- name: E :one\nselect 1;\n");
      }),
      ElementsAre(
          "q.sql:1:12: query A: expected one of :one :opt :many :exec :execrows :execresult "
          ":copyfrom :batchexec :batchone :batchopt :batchmany, found :none",
          "q.sql:4:4: query B: expected one of @params @sensitive @loggable @since @requires "
          "@replica @long @notnull @nullable, found @sinse",
          "q.sql:6:10: query C: expected a statement below its name, found none",
          "q.sql:9:11: query D: expected one statement, found a second one: select (give it a "
          "\"-- name: NAME :KIND\" line of its own)"));
}

TEST(QueryFile, RefusesAStringThatNeverEnds) {
  EXPECT_EQ(file_fault("-- name: A :one\nselect 'x;\n"),
            "q.sql:2:8: a string: expected an end with ', found the end of the file");
}

TEST(UniqueNames, RefusesEachNameGivenBefore) {
  const auto queries = parse_queries(
      "-- name: A :one\nselect 1;\n-- name: B :one\nselect 1;\n"
      "-- name: A :many\nselect 1;\n-- name: A :exec\nselect 1;\n");
  EXPECT_THAT(faults([&] { check_unique_names(queries); }),
              ElementsAre("q.sql:5:10: query A: expected a name of its own, found the same name at "
                          "q.sql:1",
                          "q.sql:7:10: query A: expected a name of its own, found the same name at "
                          "q.sql:1"));
}

TEST(UniqueNames, TellsCaseApart) {
  const auto queries = parse_queries("-- name: A :one\nselect 1;\n-- name: a :one\nselect 1;\n");
  EXPECT_NO_THROW(check_unique_names(queries));
}

}  // namespace
}  // namespace qm::codegen
