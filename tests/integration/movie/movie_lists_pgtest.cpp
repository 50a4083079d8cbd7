// The lists of movies: how each is sorted, also where rows compare equal or lack the value, cut
// into pages, and counted.
#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MovieLists : public MovieClient {};

TEST_F(MovieLists, AreSortedByTheGivenKeyThenLatestAdditionThenId) {
  add_movies("title, year, library_added_at, vote_average, deleted_at",
             "(1, 'b', 2001, timestamptz '2020-01-03', 7.0, null::timestamptz),"
             "(2, 'a', null, '2020-01-01', 8.0, null), (5, 'a', 1999, '2020-01-02', 9.0, null),"
             "(3, 'd', 2003, '2020-01-02', null, null), (4, 'c', 2001, '2020-01-04', 7.0, null),"
             "(6, 'gone', 2010, '2020-01-09', 9.9, now())");
  const auto by = [&](std::optional<std::string_view> key) {
    return numbers(client.list_movies(db, {.limit = 10, .order_by = key}));
  };
  EXPECT_THAT(by("title"), ElementsAre(5, 2, 1, 4, 3));
  EXPECT_THAT(by("year"), ElementsAre(2, 3, 4, 1, 5)) << "no year comes first";
  EXPECT_THAT(by("added"), ElementsAre(4, 1, 3, 5, 2));
  EXPECT_THAT(by("rating"), ElementsAre(3, 5, 2, 4, 1)) << "no rating comes first";
  EXPECT_THAT(by(std::nullopt), ElementsAre(4, 1, 3, 5, 2));
  EXPECT_THAT(by("Title"), ElementsAre(4, 1, 3, 5, 2)) << "a value that is not known";
  EXPECT_THAT(by(""), ElementsAre(4, 1, 3, 5, 2));
  EXPECT_THAT(numbers(client.list_movies(db, {.limit = 2, .offset = 1, .order_by = "title"})),
              ElementsAre(2, 1));
  EXPECT_THAT(client.list_movies(db, {.limit = 10, .offset = 5}), IsEmpty());
  EXPECT_THAT(client.list_movies(db, {}), IsEmpty()) << "limit 0";
  EXPECT_EQ(client.count_movies(db), 5);
}

TEST_F(MovieLists, RejectNegativePages) {
  EXPECT_THROW(client.list_movies(db, {.limit = -1}), ServerError);
  EXPECT_THROW(client.list_recently_added(db, {.limit = 1, .offset = -1}), ServerError);
}

TEST_F(MovieLists, AreEmptyForAnEmptyLibrary) {
  EXPECT_EQ(client.count_movies(db), 0);
  EXPECT_EQ(client.count_top_rated(db, 0), 0);
  EXPECT_THAT(client.list_recently_added(db, {.limit = 10}), IsEmpty());
}

TEST_F(MovieLists, OfRecentAdditionsStartWithTheLatest) {
  add_movies("title, library_added_at, created_at, deleted_at",
             "(4, 'd', timestamptz '2020-01-02', timestamptz '2020-01-09', null::timestamptz),"
             "(2, 'b', '2020-01-02', '2020-01-01', null),"
             "(1, 'a', '2020-01-01', '2020-01-01', null),"
             "(3, 'c', '2020-01-03', '2020-01-01', null),"
             "(5, 'gone', '2020-01-04', '2020-01-01', now())");
  EXPECT_THAT(numbers(client.list_recently_added(db, {.limit = 10})), ElementsAre(3, 2, 4, 1));
  EXPECT_THAT(numbers(client.list_recently_added(db, {.limit = 2, .offset = 1})),
              ElementsAre(2, 4));
}

TEST_F(MovieLists, OfAYearStartWithTheBestRated) {
  add_movies("title, year, vote_average, deleted_at",
             "(7, 'a', 2001, 7.0, null::timestamptz), (1, 'b', 2001, 7.0, null),"
             "(2, 'c', 2001, null, null), (3, 'a', 2001, 7.0, null), (4, 'd', 2001, 9.0, null),"
             "(5, 'other', 2002, 9.9, null), (6, 'gone', 2001, 9.5, now()),"
             "(8, 'undated', null, 9.9, null)");
  EXPECT_THAT(numbers(client.list_movies_by_year(db, {.year = 2001, .limit = 10})),
              ElementsAre(4, 3, 7, 1, 2));
  EXPECT_THAT(numbers(client.list_movies_by_year(db, {.year = 2001, .limit = 2, .offset = 1})),
              ElementsAre(3, 7));
  EXPECT_THAT(client.list_movies_by_year(db, {.year = 2003, .limit = 10}), IsEmpty());
}

TEST_F(MovieLists, OfTopRatedNeedARatingAndMoreVotesThanTheThreshold) {
  add_movies("title, vote_average, vote_count, deleted_at",
             "(8, 'tied', 8.0, 101, null::timestamptz), (1, 'at it', 8.0, 100, null),"
             "(2, 'above', 8.0, 101, null), (3, 'popular', 8.0, 500, null),"
             "(4, 'best', 9.0, 101, null), (5, 'unrated', null, 900, null),"
             "(6, 'uncounted', 9.5, null, null), (7, 'gone', 9.9, 900, now())");
  const auto above = [&](std::int32_t votes) {
    const auto rows = client.list_top_rated(db, {.min_vote_count = votes, .limit = 10});
    EXPECT_EQ(client.count_top_rated(db, votes), std::int64_t(rows.size()));
    return numbers(rows);
  };
  EXPECT_THAT(above(100), ElementsAre(4, 3, 2, 8));
  EXPECT_THAT(above(99), ElementsAre(4, 3, 2, 8, 1));
  EXPECT_THAT(above(-1), ElementsAre(4, 3, 2, 8, 1)) << "no votes at all is not zero votes";
  EXPECT_THAT(above(500), IsEmpty());
  EXPECT_THAT(numbers(client.list_top_rated(db, {.min_vote_count = 100, .limit = 2, .offset = 1})),
              ElementsAre(3, 2));
}

}  // namespace
}  // namespace qm::test
