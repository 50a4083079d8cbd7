// Collections and the movies in them.
#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MovieCollections : public MovieClient {
 protected:
  // Collections of the given numbers, see uuid(), and names.
  void add_collections(const std::string& rows) {
    run("insert into movie.movie_collections (id, tmdb_collection_id, name, deleted_at,"
        " created_at, updated_at)"
        " select ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, n, name,"
        " gone::timestamptz, '2020-01-01', '2020-01-01' from (values " +
        rows + ") as c (n, name, gone)");
  }
  void add(std::uint8_t movie, std::uint8_t collection, std::optional<std::int32_t> place = {}) {
    client.add_movie_to_collection(
        db,
        {.collection_id = uuid(collection), .movie_id = uuid(movie), .collection_order = place});
  }
};

TEST_F(MovieCollections, AreStoredAsGiven) {
  const auto row = client.create_movie_collection(db, {.tmdb_collection_id = 10,
                                                       .name = "Star Wars",
                                                       .overview = "o",
                                                       .poster_path = "/p",
                                                       .backdrop_path = "/b"});
  EXPECT_EQ(row.tmdb_collection_id, 10);
  EXPECT_EQ(row.name, "Star Wars");
  EXPECT_EQ(row.overview, "o");
  EXPECT_EQ(row.poster_path, "/p");
  EXPECT_EQ(row.backdrop_path, "/b");
  EXPECT_EQ(row.deleted_at, std::nullopt);
  EXPECT_EQ(client.get_movie_collection(db, row.id), row);
  EXPECT_EQ(client.get_movie_collection_by_tmdb_id(db, 10), row);
  EXPECT_EQ(client.get_movie_collection_by_tmdb_id(db, 1), std::nullopt);
  EXPECT_THROW(client.create_movie_collection(db, {.tmdb_collection_id = 10, .name = "x"}),
               UniqueViolation);
  const auto bare = client.create_movie_collection(db, {.name = "Star Wars"});
  EXPECT_NE(bare.id, row.id) << "the name is not unique";
  EXPECT_EQ(bare.tmdb_collection_id, std::nullopt);
  EXPECT_EQ(bare.overview, std::nullopt);
}

TEST_F(MovieCollections, AreGoneOnceDeletedButTheirIdsStayTaken) {
  add_collections("(1, 'gone', 'now')");
  EXPECT_EQ(client.get_movie_collection(db, uuid(1)), std::nullopt);
  EXPECT_EQ(client.get_movie_collection_by_tmdb_id(db, 1), std::nullopt);
  EXPECT_EQ(client.update_movie_collection(db, {.name = "new", .id = uuid(1)}), std::nullopt);
  EXPECT_EQ(value("select name from movie.movie_collections"), "gone");
  EXPECT_THROW(client.create_movie_collection(db, {.tmdb_collection_id = 1, .name = "x"}),
               UniqueViolation);
}

TEST_F(MovieCollections, KeepWhatAnUpdateLeavesOut) {
  add_collections("(1, 'old', null), (2, 'other', null)");
  run("update movie.movie_collections set overview = '-', poster_path = '-', backdrop_path = '-'"
      " where name = 'old'");
  const auto full = client.update_movie_collection(db, {.tmdb_collection_id = 30,
                                                        .overview = "o",
                                                        .poster_path = "/p",
                                                        .backdrop_path = "/b",
                                                        .id = uuid(1)});
  ASSERT_TRUE(full);
  EXPECT_EQ(full->name, "old");
  EXPECT_EQ(full->created_at, at("2020-01-01"));
  const auto renamed = client.update_movie_collection(db, {.name = "new", .id = uuid(1)});
  EXPECT_GT(renamed->updated_at, full->updated_at);
  EXPECT_EQ(renamed->name, "new");
  EXPECT_EQ(renamed->tmdb_collection_id, 30);
  EXPECT_EQ(renamed->overview, "o");
  EXPECT_EQ(renamed->poster_path, "/p");
  EXPECT_EQ(renamed->backdrop_path, "/b");
  EXPECT_EQ(client.get_movie_collection(db, uuid(1)), renamed);
  EXPECT_EQ(client.get_movie_collection(db, uuid(2))->updated_at, at("2020-01-01"));
}

TEST_F(MovieCollections, ListTheirMoviesByPlaceThenYear) {
  add_collections("(1, 'one', null), (2, 'two', null)");
  add_movies("title, year, deleted_at",
             "(1, 'third', 1990, null::timestamptz), (2, 'first', 2000, null),"
             "(3, 'undated', null, null), (4, 'late', 2010, null), (5, 'early', 1980, null),"
             "(6, 'gone', 1970, now()), (7, 'elsewhere', 1970, null), (8, 'third', 1990, null)");
  add(8, 1, 3);
  add(1, 1, 3);
  add(2, 1, 1);
  for (const std::uint8_t unplaced : std::vector<std::uint8_t>{3, 4, 5})
    add(unplaced, 1);
  add(6, 1, 2);
  add(7, 2, 1);
  add(2, 2, 2);
  EXPECT_THAT(numbers(client.list_movies_by_collection(db, uuid(1))),
              ElementsAre(2, 1, 8, 5, 4, 3));
  EXPECT_THAT(numbers(client.list_movies_by_collection(db, uuid(2))), ElementsAre(7, 2));
  EXPECT_THAT(client.list_movies_by_collection(db, uuid(3)), IsEmpty());
}

TEST_F(MovieCollections, TakeAMovieOnceAndMoveItWhenAddedAgain) {
  add_collections("(1, 'one', null)");
  add_movies("title", "(1, 'a'), (2, 'b')");
  add(1, 1, 1);
  add(2, 1, 2);
  run("update movie.movie_collection_members set created_at = '2020-01-01'");
  add(1, 1, 3);
  EXPECT_THAT(numbers(client.list_movies_by_collection(db, uuid(1))), ElementsAre(2, 1));
  EXPECT_EQ(value("select count(*) from movie.movie_collection_members"
                  " where created_at = '2020-01-01'"),
            "2");
  add(2, 1);
  EXPECT_THAT(numbers(client.list_movies_by_collection(db, uuid(1))), ElementsAre(1, 2));
  EXPECT_EQ(value("select collection_order is null from movie.movie_collection_members"
                  " where movie_id = '" +
                  uuid(2).to_string() + "'"),
            "t")
      << "no place clears the place";
  EXPECT_THROW(add(3, 1), ForeignKeyViolation);
  EXPECT_THROW(add(1, 2), ForeignKeyViolation);
}

TEST_F(MovieCollections, LetAMovieGoAndBothStay) {
  add_collections("(1, 'one', null), (2, 'two', null)");
  add_movies("title", "(1, 'a'), (2, 'b')");
  add(1, 1);
  add(2, 1);
  add(1, 2);
  client.remove_movie_from_collection(db, {.collection_id = uuid(1), .movie_id = uuid(1)});
  EXPECT_THAT(numbers(client.list_movies_by_collection(db, uuid(1))), ElementsAre(2));
  EXPECT_THAT(numbers(client.list_movies_by_collection(db, uuid(2))), ElementsAre(1));
  EXPECT_EQ(client.count_movies(db), 2);
  EXPECT_TRUE(client.get_movie_collection(db, uuid(1)));
}

TEST_F(MovieCollections, OfAMovieIsTheOneItJoinedFirst) {
  add_collections("(1, 'first', null), (2, 'later', null), (3, 'gone', 'now')");
  add_movies("title", "(1, 'a'), (2, 'b')");
  run("insert into movie.movie_collection_members (movie_id, id, collection_id, created_at)"
      " select '" +
      uuid(1).to_string() +
      "', ('00000000-0000-0000-0000-00000000000' || n)::uuid,"
      " ('00000000-0000-0000-0000-00000000000' || c)::uuid, day::timestamptz from (values"
      " (1, 3, '2020-01-01'), (3, 1, '2020-01-02'), (2, 2, '2020-01-03')) as m (n, c, day)");
  EXPECT_EQ(client.get_collection_for_movie(db, uuid(1))->name, "first");
  EXPECT_EQ(client.get_collection_for_movie(db, uuid(2)), std::nullopt);

  run("update movie.movie_collection_members set created_at = '2020-01-01'");
  EXPECT_EQ(client.get_collection_for_movie(db, uuid(1))->name, "later")
      << "of two joined at once the one with the lower membership id";
  client.remove_movie_from_collection(db, {.collection_id = uuid(1), .movie_id = uuid(1)});
  client.remove_movie_from_collection(db, {.collection_id = uuid(2), .movie_id = uuid(1)});
  EXPECT_EQ(client.get_collection_for_movie(db, uuid(1)), std::nullopt) << "only a deleted one";
}

}  // namespace
}  // namespace qm::test
