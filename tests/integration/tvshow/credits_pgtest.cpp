// Cast and crew: of series, and the guests and crew that an episode adds.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Two series with an episode each, which has the id of its series. The first series has the credits
// 1 to 10, the second 11 and 12; the episodes have the same, with guests for the cast.
class Credits : public TvshowClient {
 protected:
  Credits() {
    add_series(2);
    run("insert into tvshow.episodes (id, series_id, season_id, season_number, episode_number,"
        " title) select series_id, series_id, id, 1, 1, 'e' from tvshow.seasons; "
        "with credits as ("
        "select ('00000000-0000-0000-0000-0000000000' || lpad(to_hex(n), 2, '0'))::uuid as id,"
        " series.id as of_id, n as person, v.name, kind, place, department "
        "from (values (1, 1, 'Zoe', 'cast', 1, null), (2, 1, 'Ann', 'cast', null, null),"
        " (4, 1, 'Bob', 'cast', 2, null), (3, 1, 'Bob', 'cast', 2, null),"
        " (5, 1, 'Abe', 'cast', 2, 'Acting'), (6, 1, 'Kim', 'crew', 2, 'Writing'),"
        " (8, 1, 'Kim', 'crew', 1, 'Writing'), (7, 1, 'Joe', 'crew', null, 'Writing'),"
        " (9, 1, 'Abe', 'crew', null, null), (10, 1, 'Tim', 'crew', null, 'Art'),"
        " (11, 2, 'Zoe', 'cast', 1, null), (12, 2, 'Tim', 'crew', null, 'Art'))"
        " as v (n, s, name, kind, place, department) join tvshow.series on title = 'series ' || s"
        " order by n desc"
        "), of_series as ("
        "insert into tvshow.series_credits"
        " (id, series_id, tmdb_person_id, name, credit_type, cast_order, department)"
        " select * from credits) "
        "insert into tvshow.episode_credits"
        " (id, episode_id, tmdb_person_id, name, credit_type, cast_order, department) "
        "select id, of_id, person, name, replace(kind, 'cast', 'guest_star'), place, department "
        "from credits");
  }
  std::vector<int> cast(std::uint8_t series, std::int64_t limit = 99, std::int64_t offset = 0) {
    return numbers(
        client.list_series_cast(db, {.series_id = uuid(series), .limit = limit, .offset = offset}));
  }
  std::vector<int> crew(std::uint8_t series, std::int64_t limit = 99, std::int64_t offset = 0) {
    return numbers(
        client.list_series_crew(db, {.series_id = uuid(series), .limit = limit, .offset = offset}));
  }
  std::vector<int> guests(std::uint8_t episode) {
    return numbers(client.list_episode_guest_stars(db, uuid(episode)));
  }
  std::vector<int> episode_crew(std::uint8_t episode) {
    return numbers(client.list_episode_crew(db, uuid(episode)));
  }
};

TEST_F(Credits, ListTheCastOfASeriesInBillingOrder) {
  EXPECT_THAT(cast(1), ElementsAre(1, 5, 3, 4, 2)) << "without a place last, equals by id";
  EXPECT_THAT(cast(1, 2, 1), ElementsAre(5, 3));
  EXPECT_THAT(cast(1, 0), IsEmpty());
  EXPECT_THAT(cast(1, 9, 5), IsEmpty());
  EXPECT_THAT(cast(2), ElementsAre(11));
  EXPECT_EQ(client.count_series_cast(db, uuid(1)), 5);
  EXPECT_EQ(client.count_series_cast(db, uuid(2)), 1);
  EXPECT_EQ(client.count_series_cast(db, uuid(3)), 0);
}

TEST_F(Credits, ListTheCrewOfASeriesByDepartmentAndName) {
  EXPECT_THAT(crew(1), ElementsAre(10, 7, 6, 8, 9)) << "without a department last, equals by id";
  EXPECT_THAT(crew(1, 2, 1), ElementsAre(7, 6));
  EXPECT_THAT(crew(1, 9, 5), IsEmpty());
  EXPECT_THAT(crew(2), ElementsAre(12));
  EXPECT_EQ(client.count_series_crew(db, uuid(1)), 5);
  EXPECT_EQ(client.count_series_crew(db, uuid(2)), 1);
  EXPECT_EQ(client.count_series_crew(db, uuid(3)), 0);
}

TEST_F(Credits, ListTheGuestsAndCrewOfAnEpisode) {
  EXPECT_THAT(guests(1), ElementsAre(1, 5, 3, 4, 2));
  EXPECT_THAT(guests(2), ElementsAre(11));
  EXPECT_THAT(guests(3), IsEmpty());
  EXPECT_THAT(episode_crew(1), ElementsAre(10, 7, 6, 8, 9));
  EXPECT_THAT(episode_crew(2), ElementsAre(12));
  EXPECT_THAT(episode_crew(3), IsEmpty());
}

TEST_F(Credits, OfASeriesAreCreatedAsGiven) {
  const auto made = client.create_series_credit(db, {.series_id = uuid(2),
                                                     .tmdb_person_id = 77,
                                                     .name = "Ida",
                                                     .credit_type = "cast",
                                                     .character = "Captain",
                                                     .cast_order = 0,
                                                     .job = "j",
                                                     .department = "Acting",
                                                     .profile_path = "/ida.jpg"});
  EXPECT_EQ(client.list_series_cast(db, {.series_id = uuid(2), .limit = 1, .offset = 0}).at(0),
            made);
  EXPECT_EQ(made.series_id, uuid(2));
  EXPECT_EQ(made.tmdb_person_id, 77);
  EXPECT_EQ(made.name, "Ida");
  EXPECT_EQ(made.credit_type, "cast");
  EXPECT_EQ(made.character, "Captain");
  EXPECT_EQ(made.cast_order, 0);
  EXPECT_EQ(made.job, "j");
  EXPECT_EQ(made.department, "Acting");
  EXPECT_EQ(made.profile_path, "/ida.jpg");
  const auto again = client.create_series_credit(
      db, {.series_id = uuid(2), .tmdb_person_id = 77, .name = "Ida", .credit_type = "cast"});
  EXPECT_NE(again.id, made.id);
  EXPECT_TRUE(!again.character && !again.cast_order && !again.job && !again.department &&
              !again.profile_path);
  EXPECT_THROW(client.create_series_credit(
                   db, {.series_id = uuid(2), .name = "Ida", .credit_type = "guest_star"}),
               CheckViolation);
  EXPECT_THROW(
      client.create_series_credit(db, {.series_id = uuid(9), .name = "Ida", .credit_type = "cast"}),
      ForeignKeyViolation);
}

TEST_F(Credits, OfAnEpisodeAreCreatedAsGiven) {
  const auto made = client.create_episode_credit(db, {.episode_id = uuid(2),
                                                      .tmdb_person_id = 77,
                                                      .name = "Ida",
                                                      .credit_type = "guest_star",
                                                      .character = "Captain",
                                                      .cast_order = 0,
                                                      .job = "j",
                                                      .department = "Acting",
                                                      .profile_path = "/ida.jpg"});
  EXPECT_EQ(client.list_episode_guest_stars(db, uuid(2)).at(0), made);
  EXPECT_EQ(made.episode_id, uuid(2));
  EXPECT_EQ(made.tmdb_person_id, 77);
  EXPECT_EQ(made.name, "Ida");
  EXPECT_EQ(made.credit_type, "guest_star");
  EXPECT_EQ(made.character, "Captain");
  EXPECT_EQ(made.cast_order, 0);
  EXPECT_EQ(made.job, "j");
  EXPECT_EQ(made.department, "Acting");
  EXPECT_EQ(made.profile_path, "/ida.jpg");
  const auto again = client.create_episode_credit(
      db,
      {.episode_id = uuid(2), .tmdb_person_id = 77, .name = "Ida", .credit_type = "guest_star"});
  EXPECT_NE(again.id, made.id);
  EXPECT_TRUE(!again.character && !again.cast_order && !again.job && !again.department &&
              !again.profile_path);
  EXPECT_THROW(client.create_episode_credit(
                   db, {.episode_id = uuid(2), .name = "Ida", .credit_type = "cast"}),
               CheckViolation);
  EXPECT_THROW(client.create_episode_credit(
                   db, {.episode_id = uuid(9), .name = "Ida", .credit_type = "crew"}),
               ForeignKeyViolation);
}

TEST_F(Credits, AreDeletedForOneSeriesOrOneEpisode) {
  client.delete_series_credits(db, uuid(1));
  EXPECT_THAT(cast(1), IsEmpty());
  EXPECT_THAT(crew(1), IsEmpty());
  EXPECT_THAT(cast(2), ElementsAre(11));
  EXPECT_THAT(crew(2), ElementsAre(12));
  EXPECT_THAT(guests(1), ElementsAre(1, 5, 3, 4, 2)) << "those of its episodes stay";
  client.delete_episode_credits(db, uuid(1));
  EXPECT_THAT(guests(1), IsEmpty());
  EXPECT_THAT(episode_crew(1), IsEmpty());
  EXPECT_THAT(guests(2), ElementsAre(11));
  EXPECT_THAT(episode_crew(2), ElementsAre(12));
}

}  // namespace
}  // namespace qm::test
