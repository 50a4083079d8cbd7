// Seasons: lookups, lists with and without counted episodes, and changes.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The first series has the seasons 1, 2 and 0 with 2, 0 and 1 episodes, the second one season
// without episodes, the third none. Stored counts are wrong on purpose.
class Seasons : public TvshowClient {
 protected:
  Seasons() {
    add_series(3);
    run("delete from tvshow.seasons where series_id = (select id from tvshow.series"
        " where title = 'series 3'); "
        "insert into tvshow.seasons (id, series_id, season_number, name, episode_count) "
        "select ('00000000-0000-0000-0000-00000000002' || n)::uuid, id, n, name, 9 "
        "from (values (2, 'two'), (0, 'specials')) as v (n, name), tvshow.series "
        "where title = 'series 1'; "
        "insert into tvshow.episodes (series_id, season_id, season_number, episode_number, title) "
        "select series_id, id, season_number, e, 'e' from (values (1, 1), (1, 2), (0, 1)) as v"
        " (n, e) join tvshow.seasons on season_number = n "
        "where series_id = (select id from tvshow.series where title = 'series 1')");
  }
  // A season 3 of the first series with a value in every column.
  auto add_full() {
    return client.create_season(db, {.series_id = uuid(1),
                                     .tmdb_id = 33,
                                     .season_number = 3,
                                     .name = "three",
                                     .overview = "third time",
                                     .names_i18n = Json{R"({"de": "drei"})"},
                                     .overviews_i18n = Json{R"({"de": "zum dritten"})"},
                                     .poster_path = "/3.jpg",
                                     .episode_count = 8,
                                     .air_date = day("2024-03-03"),
                                     .vote_average = Numeric("7.5")});
  }
};

TEST_F(Seasons, AreCreatedAsGiven) {
  const auto made = add_full();
  EXPECT_EQ(client.get_season(db, made.id), made);
  EXPECT_EQ(made.series_id, uuid(1));
  EXPECT_EQ(made.tmdb_id, 33);
  EXPECT_EQ(made.season_number, 3);
  EXPECT_EQ(made.name, "three");
  EXPECT_EQ(made.overview, "third time");
  EXPECT_EQ(made.names_i18n, Json{R"({"de": "drei"})"});
  EXPECT_EQ(made.overviews_i18n, Json{R"({"de": "zum dritten"})"});
  EXPECT_EQ(made.poster_path, "/3.jpg");
  EXPECT_EQ(made.episode_count, 8);
  EXPECT_EQ(made.air_date, day("2024-03-03"));
  EXPECT_EQ(made.vote_average, Numeric("7.50"));
  EXPECT_EQ(made.created_at, made.updated_at);
}

TEST_F(Seasons, HaveANumberOfTheirOwnWithinTheSeries) {
  EXPECT_THROW(
      client.create_season(db, {.series_id = uuid(1), .season_number = 2, .name = "again"}),
      UniqueViolation);
  const auto made =
      client.create_season(db, {.series_id = uuid(2), .season_number = 2, .name = "two"});
  EXPECT_EQ(made.tmdb_id, std::nullopt);
  EXPECT_EQ(made.names_i18n, Json{"null"}) << "the given value, not the default";
  EXPECT_THROW(client.create_season(db, {.series_id = uuid(9), .season_number = 2, .name = "two"}),
               ForeignKeyViolation);
}

TEST_F(Seasons, AreFoundByIdAndByNumber) {
  EXPECT_EQ(client.get_season(db, uuid(0x22))->name, "two");
  EXPECT_FALSE(client.get_season(db, uuid(1))) << "the id of a series";
  const auto numbered = [&](std::uint8_t series, std::int32_t number) {
    return client.get_season_by_number(db, {.series_id = uuid(series), .season_number = number});
  };
  EXPECT_EQ(numbered(1, 0)->id, uuid(0x20));
  EXPECT_EQ(numbered(2, 1)->id, uuid(0x12));
  EXPECT_FALSE(numbered(2, 2));
  EXPECT_FALSE(numbered(3, 1));
}

TEST_F(Seasons, OfASeriesAreListedInOrder) {
  EXPECT_THAT(numbers(client.list_seasons_by_series(db, uuid(1))), ElementsAre(0x20, 0x11, 0x22));
  EXPECT_THAT(numbers(client.list_seasons_by_series(db, uuid(2))), ElementsAre(0x12));
  EXPECT_THAT(client.list_seasons_by_series(db, uuid(3)), IsEmpty());
}

TEST_F(Seasons, AreListedWithTheEpisodesThatAreThere) {
  const auto listed = client.list_seasons_by_series_with_episode_count(db, uuid(1));
  EXPECT_THAT(numbers(listed), ElementsAre(0x20, 0x11, 0x22));
  std::vector<std::int64_t> counts;
  for (const auto& season : listed)
    counts.push_back(season.actual_episode_count);
  EXPECT_THAT(counts, ElementsAre(1, 2, 0));
  EXPECT_EQ(listed.at(2).episode_count, 9) << "the stored count beside it";
  EXPECT_EQ(listed.at(2).name, "two");
  EXPECT_EQ(
      client.list_seasons_by_series_with_episode_count(db, uuid(2)).at(0).actual_episode_count, 0);
}

TEST_F(Seasons, ArePatched) {
  auto expected = add_full();
  const auto same = client.update_season(db, {.id = expected.id});
  ASSERT_TRUE(same);
  EXPECT_GT(same->updated_at, expected.updated_at);
  expected.updated_at = same->updated_at;
  EXPECT_EQ(same, expected) << "nulls keep everything else";
  const auto changed = client.update_season(db, {.tmdb_id = 34,
                                                 .name = "drei",
                                                 .overview = "o",
                                                 .names_i18n = Json{"{}"},
                                                 .overviews_i18n = Json{R"({"fr": "o"})"},
                                                 .poster_path = "/p",
                                                 .episode_count = 0,
                                                 .air_date = day("2024-04-04"),
                                                 .vote_average = Numeric("0"),
                                                 .id = expected.id});
  EXPECT_EQ(changed->tmdb_id, 34);
  EXPECT_EQ(changed->name, "drei");
  EXPECT_EQ(changed->overview, "o");
  EXPECT_EQ(changed->names_i18n, Json{"{}"});
  EXPECT_EQ(changed->overviews_i18n, Json{R"({"fr": "o"})"});
  EXPECT_EQ(changed->poster_path, "/p");
  EXPECT_EQ(changed->episode_count, 0);
  EXPECT_EQ(changed->air_date, day("2024-04-04"));
  EXPECT_EQ(changed->vote_average, Numeric("0.00"));
  EXPECT_EQ(changed->series_id, uuid(1));
  EXPECT_EQ(changed->season_number, 3);
  EXPECT_FALSE(client.update_season(db, {.name = "nobody", .id = uuid(9)}));
  EXPECT_EQ(client.get_season(db, uuid(0x22))->name, "two");
}

TEST_F(Seasons, AreAddedOrReplacedByNumber) {
  const auto made = add_full();
  const auto added = client.upsert_season(db, {.series_id = uuid(2),
                                               .tmdb_id = 42,
                                               .season_number = 3,
                                               .name = "new",
                                               .names_i18n = Json{"{}"},
                                               .overviews_i18n = Json{"{}"},
                                               .episode_count = 4});
  EXPECT_NE(added.id, made.id) << "the number is free in the other series";
  EXPECT_EQ(added.tmdb_id, 42);
  EXPECT_EQ(added.episode_count, 4);
  const auto bare = client.upsert_season(db, {.series_id = uuid(1),
                                              .season_number = 3,
                                              .name = "bare",
                                              .names_i18n = Json{"{}"},
                                              .overviews_i18n = Json{"[]"}});
  EXPECT_EQ(bare.id, made.id);
  EXPECT_EQ(bare.created_at, made.created_at);
  EXPECT_GT(bare.updated_at, made.updated_at);
  EXPECT_EQ(bare.name, "bare");
  EXPECT_EQ(bare.names_i18n, Json{"{}"});
  EXPECT_EQ(bare.overviews_i18n, Json{"[]"});
  EXPECT_EQ(bare.episode_count, 0);
  EXPECT_TRUE(!bare.tmdb_id && !bare.overview && !bare.poster_path && !bare.air_date &&
              !bare.vote_average)
      << "null replaces too";
  const auto full = client.upsert_season(db, {.series_id = uuid(1),
                                              .tmdb_id = 33,
                                              .season_number = 3,
                                              .name = "three",
                                              .overview = "third time",
                                              .names_i18n = made.names_i18n,
                                              .overviews_i18n = made.overviews_i18n,
                                              .poster_path = "/3.jpg",
                                              .episode_count = 8,
                                              .air_date = made.air_date,
                                              .vote_average = made.vote_average});
  auto expected = made;
  expected.updated_at = full.updated_at;
  EXPECT_EQ(full, expected);
}

TEST_F(Seasons, AreDeletedWithTheirEpisodes) {
  client.delete_season(db, uuid(0x11));
  EXPECT_THAT(numbers(client.list_seasons_by_series(db, uuid(1))), ElementsAre(0x20, 0x22));
  EXPECT_EQ(value("select string_agg(season_number::text, ',') from tvshow.episodes"), "0");
  client.delete_seasons_by_series(db, uuid(1));
  EXPECT_THAT(client.list_seasons_by_series(db, uuid(1)), IsEmpty());
  EXPECT_EQ(value("select count(*) from tvshow.episodes"), "0");
  EXPECT_THAT(numbers(client.list_seasons_by_series(db, uuid(2))), ElementsAre(0x12));
  EXPECT_TRUE(client.get_series(db, uuid(1)));
}

}  // namespace
}  // namespace qm::test
