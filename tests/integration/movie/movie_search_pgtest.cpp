// Searching movies: by resemblance to their titles, and by text inside a title of any language.
#include <quartermaster/transaction.hpp>

#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MovieSearch : public MovieClient {
 protected:
  std::vector<int> inside(std::string_view query) {
    return numbers(client.search_movies_by_title_any_language(db, {.query = query, .limit = 20}));
  }
};

TEST_F(MovieSearch, ByResemblanceStartsWithTheClosestTitleThenOriginalTitle) {
  add_movies("title, original_title, deleted_at",
             "(6, 'Long Journey Home', 'Lang', null::timestamptz),"
             "(1, 'Elsewhere', 'Long Journey', null), (2, 'The Long Journey Home', null, null),"
             "(3, 'Long Journey', 'Long Journey', null), (4, 'Long Journey', null, null),"
             "(5, 'Nothing', 'Nought', null), (7, 'Long Journey Home', 'Lang', null),"
             "(8, 'Long Journey', 'Viaggio', null), (9, 'Long Journey', null, now())");
  const auto found = [&](std::string_view query, std::int64_t limit, std::int64_t offset) {
    return numbers(
        client.search_movies_by_title(db, {.query = query, .limit = limit, .offset = offset}));
  };
  EXPECT_THAT(found("long journey", 20, 0), ElementsAre(4, 3, 8, 6, 7, 2, 1))
      << "no original title comes first, and an original title alone is enough";
  EXPECT_THAT(found("long journey", 2, 2), ElementsAre(8, 6));
  EXPECT_THAT(found("long jurney", 3, 0), ElementsAre(4, 3, 8)) << "with a slip";
  EXPECT_THAT(found("%", 20, 0), IsEmpty()) << "no pattern";
  EXPECT_THAT(found("", 20, 0), IsEmpty());
}

TEST_F(MovieSearch, ByResemblanceFollowsTheThresholdOfTheSession) {
  add_movies("title", "(1, 'Long Journey'), (2, 'Long Journey Home')");
  auto connection = db.acquire();
  Transaction strict(*connection);
  strict.execute("set local pg_trgm.similarity_threshold = 0.9");
  EXPECT_THAT(numbers(client.search_movies_by_title(strict, {.query = "long journey", .limit = 9})),
              ElementsAre(1));
}

TEST_F(MovieSearch, InsideTitlesRanksWholeTitlesThenBeginningsThenRatings) {
  add_movies("title, original_title, titles_i18n, vote_average, deleted_at",
             "(7, 'My alien', null, null::jsonb, 9.9, null::timestamptz),"
             "(1, 'Aliens', null, null, 8.4, null), (2, 'ALIEN', 'Other', null, 5.0, null),"
             "(3, 'Fremder', 'Alien', null, 9.0, null), (4, 'Alien 3', null, null, null, null),"
             "(5, 'Der Fremde', null, '{\"fr\": null, \"en\": \"An alien\"}', 9.9, null),"
             "(6, 'Unrated alien', null, null, null, null),"
             "(8, 'Cube', 'Cube', '{\"alien\": \"Cube\"}', 9.9, null),"
             "(9, 'Alien', null, null, 9.9, now())");
  EXPECT_THAT(inside("alien"), ElementsAre(2, 3, 1, 4, 5, 7, 6));
  EXPECT_THAT(inside("AN ALIEN"), ElementsAre(5));
  EXPECT_THAT(numbers(client.search_movies_by_title_any_language(
                  db, {.query = "alien", .limit = 3, .offset = 2})),
              ElementsAre(1, 4, 5));
}

TEST_F(MovieSearch, InsideTitlesTakesTheTextAsItIs) {
  add_movies("title, vote_average",
             "(1, '100%', 1.0), (2, '100x', 2.0), (3, 'a_b', 1.0), (4, 'axb', 2.0),"
             "(5, 'c\\d', 1.0), (6, 'e!f', 1.0), (7, 'x a_c', 9.0)");
  EXPECT_THAT(inside("0%"), ElementsAre(1));
  EXPECT_THAT(inside("a_"), ElementsAre(3, 7)) << "also where it ranks beginnings";
  EXPECT_THAT(inside("\\"), ElementsAre(5));
  EXPECT_THAT(inside("!"), ElementsAre(6));
  EXPECT_THAT(inside("!f"), ElementsAre(6));
  EXPECT_THAT(inside(""), ElementsAre(7, 2, 4, 1, 3, 5, 6)) << "an empty text is in every title";
}

TEST_F(MovieSearch, InsideTitlesBearsTranslationsThatAreNoObject) {
  add_movies("title, titles_i18n",
             "(1, 'an alien', '[\"alien\"]'::jsonb), (2, 'list', '[\"alien\"]'),"
             "(3, 'text', '\"alien\"'), (4, 'null', 'null'), (5, 'none', null),"
             "(6, 'objects', '{\"en\": \"Alien\"}')");
  EXPECT_THAT(inside("alien"), ElementsAre(1, 6));
}

}  // namespace
}  // namespace qm::test
