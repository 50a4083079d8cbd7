// The demo's CSV reader and what it makes of films. Needs nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <quartermaster/error.hpp>

#include "cli/demo/csv.hpp"
#include "cli/demo/film.hpp"

namespace qm::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::vector<std::string>> records(std::string_view text) {
  CsvReader reader("f.csv", text);
  std::vector<std::vector<std::string>> all{reader.header()};
  std::vector<std::string> fields;
  while (reader.next(fields))
    all.push_back(fields);
  return all;
}

std::string refusal(std::string_view text) {
  try {
    records(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Csv, ReadsQuotesBreaksAndEmptyFields) {
  EXPECT_THAT(records("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n,\n"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("x, \"y\"", "two\nlines"),
                          ElementsAre("", "")));
  EXPECT_THAT(records("\xEF\xBB\xBF"
                      "a\n1"),
              ElementsAre(ElementsAre("a"), ElementsAre("1")));
}

TEST(Csv, NamesTheBrokenLine) {
  EXPECT_THAT(refusal("a,b\n1,2\n3\n"), HasSubstr("f.csv:3: expected 2 fields, found 1"));
  EXPECT_THAT(refusal("a,b\n\"1,2\n3,4\n"), HasSubstr("f.csv:2: expected a closing quote"));
  EXPECT_THAT(refusal("a,b\n\"1\n\n\",2\n\"x\"y,2\n"), HasSubstr("f.csv:5"));
  EXPECT_THAT(refusal("a,b\n1\"2,3\n"), HasSubstr("f.csv:2"));
  EXPECT_THAT(refusal(""), HasSubstr("an empty file"));
  EXPECT_THAT(refusal("a\n\xFF\n"), HasSubstr("f.csv:2: expected UTF-8"));
  EXPECT_THAT(refusal(std::string_view("a\n\0\n", 4)), HasSubstr("f.csv:2: expected UTF-8"));
}

constexpr std::string_view header =
    "title,release_date,runtime_min,mpaa_rating,distributor,genre,creative_type,director,"
    "production_budget,us_gross,worldwide_gross,rotten_tomatoes,imdb_rating,imdb_votes\n";

std::string film_refusal(const std::string& line) {
  try {
    parse_films("f.csv", std::string(header) + line);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Films, ReadsOne) {
  const auto films = parse_films(
      "f.csv",
      std::string(header) +
          "Fargo,Mar 08 1996,98,R,Gramercy,Thriller,,Joel Coen,7000000,1,2,94,8.3,105159\n");
  ASSERT_EQ(films.size(), 1U);
  EXPECT_EQ(films[0].title, "Fargo");
  EXPECT_EQ(films[0].release_date->to_string(), "1996-03-08");
  EXPECT_EQ(films[0].year, 1996);
  EXPECT_EQ(films[0].imdb_rating->text(), "8.3");
  EXPECT_EQ(films[0].imdb_votes, 105159);
  EXPECT_EQ(films[0].worldwide_gross, 2);
}

TEST(Films, NamesLineAndColumnOfABadValue) {
  EXPECT_THAT(film_refusal("X,Foo 08 1996,,,,,,,,,,,,\n"), HasSubstr("f.csv:2: release_date"));
  EXPECT_THAT(film_refusal("X,Feb 31 1996,,,,,,,,,,,,\n"), HasSubstr("f.csv:2: release_date"));
  EXPECT_THAT(film_refusal("X,,long,,,,,,,,,,,\n"), HasSubstr("f.csv:2: runtime_min"));
  EXPECT_THAT(film_refusal("X,,,,,,,,,,,,11,\n"), HasSubstr("imdb_rating: expected a number"));
  EXPECT_THAT(film_refusal("X,,,,,,,,,,,,,99999999999\n"), HasSubstr("imdb_votes"));
}

TEST(Films, MissingColumnIsNamed) {
  try {
    parse_films("f.csv", "title,year\nX,1\n");
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a column 'release_date'"));
  }
}

TEST(Films, TheShippedFileHasAllOfThem) {
  std::ifstream file(QUARTERMASTER_DEMO_DATA);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(parse_films("movies.csv", text).size(), 3201U);
}

}  // namespace
}  // namespace qm::cli
