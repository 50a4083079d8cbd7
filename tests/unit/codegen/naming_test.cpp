// Names in C++ for names in SQL.
#include "codegen/naming.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qm::codegen {
namespace {

TEST(SnakeCase, TakesARunOfCapitalsAsOneWord) {
  EXPECT_EQ(snake_case("GetMovie"), "get_movie");
  EXPECT_EQ(snake_case("GetMovieByTMDbID"), "get_movie_by_tmdb_id");
  EXPECT_EQ(snake_case("ListIDs"), "list_ids");
  EXPECT_EQ(snake_case("HTTPServer"), "http_server");
  EXPECT_EQ(snake_case("already_snake"), "already_snake");
  EXPECT_EQ(snake_case("Mixed_Case"), "mixed_case");
  EXPECT_EQ(snake_case("Top10Movies"), "top10_movies");
  EXPECT_EQ(snake_case("A"), "a");
  EXPECT_EQ(snake_case(""), "");
}

TEST(CamelCase, JoinsWords) {
  EXPECT_EQ(camel_case("movie_files"), "MovieFiles");
  EXPECT_EQ(camel_case("GetMovie"), "GetMovie");
  EXPECT_EQ(camel_case("a b-c"), "ABC");
  EXPECT_EQ(camel_case("\"Odd Name\""), "OddName");
}

TEST(Singular, ChangesTheLastWordOnly) {
  EXPECT_EQ(singular("movies"), "movie");
  EXPECT_EQ(singular("users_roles"), "users_role");
  EXPECT_EQ(singular("categories"), "category");
  EXPECT_EQ(singular("boxes"), "box");
  EXPECT_EQ(singular("matches"), "match");
  EXPECT_EQ(singular("people"), "person");
  EXPECT_EQ(singular("movie_watch_statuses"), "movie_watch_status");
}

TEST(Singular, LeavesWhatIsNoPlural) {
  for (const std::string word : {"series", "status", "address", "analysis", "media", "user", "is",
                                 "movie_preferences", "s", ""}) {
    EXPECT_EQ(singular(word), word);
  }
}

TEST(Identifier, LeavesGoodNamesAlone) {
  EXPECT_EQ(identifier("title_2", "column"), "title_2");
  EXPECT_EQ(identifier("Title", "column"), "Title");
}

TEST(Identifier, ReplacesWhatCppDoesNotTake) {
  EXPECT_EQ(identifier("odd name", "column"), "odd_name");
  EXPECT_EQ(identifier("a--b", "column"), "a_b");
  EXPECT_EQ(identifier("_id", "column"), "id");     // leading underscores are C++'s own
  EXPECT_EQ(identifier("a__b_", "column"), "a_b");  // and so are double ones
  EXPECT_EQ(identifier("gr\xC3\xB6\xC3\x9F"
                       "e",
                       "column"),
            "gr_e");
}

TEST(Identifier, FallsBackWhenNothingIsLeft) {
  EXPECT_EQ(identifier("?column?", "column"), "column");
  EXPECT_EQ(identifier("???", "column"), "column");
  EXPECT_EQ(identifier("", "query"), "query");
  EXPECT_EQ(identifier("2nd", "column"), "column_2nd");
}

TEST(Identifier, AvoidsKeywordsAndMacros) {
  EXPECT_EQ(identifier("class", "column"), "class_");
  EXPECT_EQ(identifier("co_await", "column"), "co_await_");
  EXPECT_EQ(identifier("errno", "column"), "errno_");
  EXPECT_EQ(identifier("NULL", "column"), "NULL_");
  EXPECT_EQ(identifier("Class", "column"), "Class");
  EXPECT_TRUE(is_keyword("namespace"));
  EXPECT_FALSE(is_keyword("movie"));
}

TEST(NameScope, MakesNamesDifferent) {
  NameScope scope({"read"});
  EXPECT_EQ(scope.unique("title"), "title");
  EXPECT_EQ(scope.unique("title"), "title_");
  EXPECT_EQ(scope.unique("title"), "title_2");
  EXPECT_EQ(scope.unique("title"), "title_3");
  EXPECT_EQ(scope.unique("read"), "read_");
  EXPECT_EQ(scope.unique("class_"), "class_");
  EXPECT_EQ(scope.unique("class_"), "class_2");
}

TEST(NameScope, TakesANameOnce) {
  NameScope scope;
  EXPECT_TRUE(scope.take("Movie"));
  EXPECT_FALSE(scope.take("Movie"));
  EXPECT_EQ(scope.unique("Movie"), "Movie_");
}

}  // namespace
}  // namespace qm::codegen
