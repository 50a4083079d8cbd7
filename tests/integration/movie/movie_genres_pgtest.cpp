// Genres: of one movie, of all, and the movies that carry one.
#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MovieGenres : public MovieClient {
 protected:
  void add(std::uint8_t movie, std::string_view slug, std::string_view name) {
    client.add_movie_genre(db, {.movie_id = uuid(movie), .slug = slug, .name = name});
  }
};

TEST_F(MovieGenres, AreThereOncePerSlugUnderTheFirstName) {
  add_movies("title", "(1, 'a'), (2, 'b')");
  add(1, "sci-fi", "Science Fiction");
  add(1, "drama", "Drama");
  add(1, "sci-fi", "SF");
  add(2, "sci-fi", "SF");
  const auto rows = client.list_movie_genres(db, uuid(1));
  EXPECT_THAT(names(rows), ElementsAre("Drama", "Science Fiction"));
  EXPECT_EQ(rows[1].slug, "sci-fi");
  EXPECT_EQ(rows[1].movie_id, uuid(1));
  EXPECT_THAT(names(client.list_movie_genres(db, uuid(2))), ElementsAre("SF"));
  EXPECT_THAT(client.list_movie_genres(db, uuid(3)), IsEmpty());
  EXPECT_THROW(add(3, "drama", "Drama"), ForeignKeyViolation);
}

TEST_F(MovieGenres, OfTheSameNameAreListedById) {
  add_movies("title", "(1, 'a')");
  run("insert into movie.movie_genres (movie_id, id, slug, name) select '" + uuid(1).to_string() +
      "', ('00000000-0000-0000-0000-00000000000' || n)::uuid, slug, name from (values"
      " (3, 'w', 'War'), (2, 'd-2', 'Drama'), (1, 'd-1', 'Drama')) as g (n, slug, name)");
  EXPECT_THAT(numbers(client.list_movie_genres(db, uuid(1))), ElementsAre(1, 2, 3));
}

TEST_F(MovieGenres, InUseAreCountedPerSlugAndNameDeletedMoviesIncluded) {
  EXPECT_THAT(client.list_distinct_movie_genres(db), IsEmpty());
  add_movies("title, deleted_at",
             "(1, 'a', null::timestamptz), (2, 'b', null), (3, 'gone', now())");
  add(1, "war", "War");
  add(1, "drama", "Drama");
  add(2, "drama", "Drama");
  add(3, "drama", "Drama");
  add(3, "western", "Western");
  add(2, "krieg", "War");
  const auto genre = [](const char* slug, const char* name, std::int64_t count) {
    return movie::ListDistinctMovieGenresRow{.slug = slug, .name = name, .item_count = count};
  };
  EXPECT_THAT(client.list_distinct_movie_genres(db),
              ElementsAre(genre("drama", "Drama", 3), genre("krieg", "War", 1),
                          genre("war", "War", 1), genre("western", "Western", 1)));
  add(3, "war", "Warfare");
  EXPECT_THAT(
      client.list_distinct_movie_genres(db),
      ElementsAre(genre("drama", "Drama", 3), genre("krieg", "War", 1), genre("war", "War", 1),
                  genre("war", "Warfare", 1), genre("western", "Western", 1)))
      << "another name is another entry";
}

TEST_F(MovieGenres, OfAMovieAreRemovedForGoodAndCanBeWrittenAfresh) {
  add_movies("title", "(1, 'a'), (2, 'b')");
  add(1, "war", "War");
  add(1, "drama", "Drama");
  add(2, "drama", "Drama");
  client.delete_movie_genres(db, uuid(1));
  EXPECT_THAT(client.list_movie_genres(db, uuid(1)), IsEmpty());
  EXPECT_THAT(names(client.list_movie_genres(db, uuid(2))), ElementsAre("Drama"));
  add(1, "war", "Krieg");
  EXPECT_THAT(names(client.list_movie_genres(db, uuid(1))), ElementsAre("Krieg"));
}

TEST_F(MovieGenres, ListTheirMoviesBestRatedFirst) {
  add_movies("title, vote_average, deleted_at",
             "(7, 'a', 7.0, null::timestamptz), (1, 'b', 7.0, null), (2, 'c', null, null),"
             "(3, 'a', 7.0, null), (4, 'd', 9.0, null), (5, 'other', 9.9, null),"
             "(6, 'gone', 9.5, now())");
  for (const std::uint8_t movie : std::vector<std::uint8_t>{7, 1, 2, 3, 4, 6})
    add(movie, "drama", "Drama");
  add(4, "war", "War");
  add(5, "war", "drama");
  EXPECT_THAT(numbers(client.list_movies_by_genre(db, {.slug = "drama", .limit = 10})),
              ElementsAre(4, 3, 7, 1, 2));
  EXPECT_THAT(numbers(client.list_movies_by_genre(db, {.slug = "drama", .limit = 2, .offset = 1})),
              ElementsAre(3, 7));
  EXPECT_THAT(client.list_movies_by_genre(db, {.slug = "Drama", .limit = 10}), IsEmpty());
}

}  // namespace
}  // namespace qm::test
