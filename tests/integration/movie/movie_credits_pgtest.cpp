// Cast and crew: what a credit needs, in which order each is listed, and how all are deleted.
#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MovieCredits : public MovieClient {
 protected:
  const Uuid movie = add_movie("Solaris");
  const Uuid other = add_movie("Stalker");

  // Cast of that movie; the id takes a number, see uuid().
  void add_cast(const std::string& rows) {
    run("insert into movie.movie_credits"
        " (movie_id, tmdb_person_id, credit_type, character, id, name, cast_order, deleted_at)"
        " select '" +
        movie.to_string() +
        "', n, 'cast', 'c',"
        " ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, name, place,"
        " gone::timestamptz from (values " +
        rows + ") as c (n, name, place, gone)");
  }
  void add_crew(const std::string& rows) {
    run("insert into movie.movie_credits"
        " (movie_id, tmdb_person_id, credit_type, job, id, name, department, deleted_at)"
        " select '" +
        movie.to_string() +
        "', n, 'crew', 'j',"
        " ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, name, department,"
        " gone::timestamptz from (values " +
        rows + ") as c (n, name, department, gone)");
  }
};

TEST_F(MovieCredits, AreStoredAsGiven) {
  const auto cast = client.create_movie_credit(db, {.movie_id = movie,
                                                    .tmdb_person_id = 11,
                                                    .name = "Banionis",
                                                    .credit_type = "cast",
                                                    .character = "Kelvin",
                                                    .cast_order = 0,
                                                    .profile_path = "/b.jpg"});
  EXPECT_EQ(cast.movie_id, movie);
  EXPECT_EQ(cast.tmdb_person_id, 11);
  EXPECT_EQ(cast.name, "Banionis");
  EXPECT_EQ(cast.credit_type, "cast");
  EXPECT_EQ(cast.character, "Kelvin");
  EXPECT_EQ(cast.cast_order, 0);
  EXPECT_EQ(cast.profile_path, "/b.jpg");
  EXPECT_EQ(cast.job, std::nullopt);
  EXPECT_EQ(cast.department, std::nullopt);
  EXPECT_EQ(cast.deleted_at, std::nullopt);

  const auto crew = client.create_movie_credit(db, {.movie_id = movie,
                                                    .tmdb_person_id = 11,
                                                    .name = "Banionis",
                                                    .credit_type = "crew",
                                                    .job = "Director",
                                                    .department = "Directing"});
  EXPECT_EQ(crew.job, "Director");
  EXPECT_EQ(crew.department, "Directing");
  EXPECT_EQ(crew.character, std::nullopt);
  EXPECT_EQ(crew.cast_order, std::nullopt);
  EXPECT_THAT(client.list_movie_cast(db, {.movie_id = movie, .limit = 9}), ElementsAre(cast));
  EXPECT_THAT(client.list_movie_crew(db, {.movie_id = movie, .limit = 9}), ElementsAre(crew));
}

TEST_F(MovieCredits, NeedWhatTheirKindNeeds) {
  movie::CreateMovieCreditParams credit{.movie_id = movie, .name = "x", .credit_type = "cast"};
  EXPECT_THROW(client.create_movie_credit(db, credit), CheckViolation) << "cast, no character";
  credit.credit_type = "crew";
  credit.job = "Director";
  EXPECT_THROW(client.create_movie_credit(db, credit), CheckViolation) << "crew, no department";
  credit.department = "Directing";
  credit.credit_type = "guest";
  EXPECT_THROW(client.create_movie_credit(db, credit), CheckViolation) << "no such kind";
  credit.credit_type = "crew";
  credit.movie_id = uuid(9);
  EXPECT_THROW(client.create_movie_credit(db, credit), ForeignKeyViolation);
}

TEST_F(MovieCredits, AreThereOncePerPersonAndCharacter) {
  movie::CreateMovieCreditParams credit{.movie_id = movie,
                                        .tmdb_person_id = 1,
                                        .name = "x",
                                        .credit_type = "cast",
                                        .character = "twin"};
  client.create_movie_credit(db, credit);
  EXPECT_THROW(client.create_movie_credit(db, credit), UniqueViolation);
  credit.character = "other twin";
  client.create_movie_credit(db, credit);
  credit.movie_id = other;
  client.create_movie_credit(db, credit);
  EXPECT_EQ(client.count_movie_cast(db, movie), 2);
  EXPECT_EQ(client.count_movie_cast(db, other), 1);
}

TEST_F(MovieCredits, OfTheCastAreListedInBillingOrder) {
  add_cast(
      "(5, 'last', null::int, null), (2, 'tied', 1, null), (1, 'tied', 1, null),"
      "(3, 'first', 0, null), (4, 'unplaced', null, null), (6, 'gone', 0, 'now')");
  add_crew("(7, 'crew', 'Directing', null)");
  const auto cast = [&](std::int64_t limit, std::int64_t offset) {
    return numbers(
        client.list_movie_cast(db, {.movie_id = movie, .limit = limit, .offset = offset}));
  };
  EXPECT_THAT(cast(9, 0), ElementsAre(3, 1, 2, 4, 5));
  EXPECT_THAT(cast(2, 2), ElementsAre(2, 4));
  EXPECT_EQ(client.count_movie_cast(db, movie), 5);
  EXPECT_THAT(client.list_movie_cast(db, {.movie_id = other, .limit = 9}), IsEmpty());
  EXPECT_EQ(client.count_movie_cast(db, other), 0);
}

TEST_F(MovieCredits, OfTheCrewAreListedByDepartmentThenName) {
  add_crew(
      "(1, 'a', 'Sound', null), (2, 'z', 'Directing', null), (3, 'c', 'Production', null),"
      "(9, 'b', 'Writing', null), (4, 'b', 'Writing', null), (5, 'b', 'Camera', null),"
      "(6, 'a', 'Writing', null), (7, 'gone', 'Directing', 'now'),"
      "(8, 'c', 'directing', null)");
  add_cast("(10, 'cast', 0, null)");
  const auto crew = [&](std::int64_t limit, std::int64_t offset) {
    return numbers(
        client.list_movie_crew(db, {.movie_id = movie, .limit = limit, .offset = offset}));
  };
  EXPECT_THAT(crew(20, 0), ElementsAre(2, 6, 4, 9, 3, 1, 5, 8));
  EXPECT_THAT(crew(3, 1), ElementsAre(6, 4, 9));
  EXPECT_EQ(client.count_movie_crew(db, movie), 8);
  EXPECT_THAT(client.list_movie_crew(db, {.movie_id = other, .limit = 9}), IsEmpty());
  EXPECT_EQ(client.count_movie_crew(db, other), 0);
}

TEST_F(MovieCredits, OfAMovieAreDeletedTogetherAndStayInTheWay) {
  add_cast("(1, 'live', 0, null), (2, 'gone', 1, '2020-01-01')");
  add_crew("(3, 'crew', 'Writing', null)");
  const auto kept = client.create_movie_credit(
      db, {.movie_id = other, .name = "x", .credit_type = "cast", .character = "y"});
  client.delete_movie_credits(db, movie);
  EXPECT_EQ(client.count_movie_cast(db, movie), 0);
  EXPECT_EQ(client.count_movie_crew(db, movie), 0);
  EXPECT_THAT(client.list_movie_cast(db, {.movie_id = other, .limit = 9}), ElementsAre(kept));
  EXPECT_EQ(value("select count(distinct deleted_at) from movie.movie_credits"), "1")
      << "an earlier deletion takes the new time";
  const auto again = client.create_movie_credit(db, {.movie_id = movie,
                                                     .tmdb_person_id = 1,
                                                     .name = "live",
                                                     .credit_type = "cast",
                                                     .character = "c"});
  EXPECT_THAT(client.list_movie_cast(db, {.movie_id = movie, .limit = 9}), ElementsAre(again))
      << "the deleted one made way";
}

}  // namespace
}  // namespace qm::test
