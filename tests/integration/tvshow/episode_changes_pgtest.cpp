// Episodes: adding, patching, replacing and removing them.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Two series with a season each, whose id is that of the series plus 16; the tests add episodes.
class EpisodeChanges : public TvshowClient {
 protected:
  EpisodeChanges() { add_series(2); }
  // Adds an episode with a value in every column that may be null.
  auto add_full(const Uuid& series, const Uuid& season, std::int32_t season_number,
                std::int32_t episode_number) {
    return client.create_episode(db, {.series_id = series,
                                      .season_id = season,
                                      .tmdb_id = 5,
                                      .tvdb_id = 6,
                                      .imdb_id = "tt7",
                                      .season_number = season_number,
                                      .episode_number = episode_number,
                                      .title = "Pilot",
                                      .overview = "It begins.",
                                      .titles_i18n = Json{R"({"de": "Anfang"})"},
                                      .overviews_i18n = Json{R"({"de": "Es beginnt."})"},
                                      .air_date = day("2024-03-03"),
                                      .runtime = 45,
                                      .vote_average = Numeric("8.25"),
                                      .vote_count = 100,
                                      .still_path = "/still.jpg",
                                      .production_code = "101"});
  }
  Uuid add(std::uint8_t series, std::int32_t number) {
    return client
        .create_episode(db, {.series_id = uuid(series),
                             .season_id = uuid(std::uint8_t(series + 16)),
                             .season_number = 1,
                             .episode_number = number,
                             .title = "e",
                             .titles_i18n = Json{"{}"},
                             .overviews_i18n = Json{"{}"}})
        .id;
  }
  std::vector<std::int32_t> left(std::uint8_t series) {
    std::vector<std::int32_t> found;
    for (const auto& episode : client.list_episodes_by_series(db, uuid(series)))
      found.push_back(episode.episode_number);
    return found;
  }
};

TEST_F(EpisodeChanges, AreCreatedAsGiven) {
  const auto made = add_full(uuid(1), uuid(0x11), 1, 1);
  EXPECT_EQ(client.get_episode(db, made.id), made);
  EXPECT_EQ(made.series_id, uuid(1));
  EXPECT_EQ(made.season_id, uuid(0x11));
  EXPECT_EQ(made.tmdb_id, 5);
  EXPECT_EQ(made.tvdb_id, 6);
  EXPECT_EQ(made.imdb_id, "tt7");
  EXPECT_EQ(made.season_number, 1);
  EXPECT_EQ(made.episode_number, 1);
  EXPECT_EQ(made.title, "Pilot");
  EXPECT_EQ(made.overview, "It begins.");
  EXPECT_EQ(made.titles_i18n, Json{R"({"de": "Anfang"})"});
  EXPECT_EQ(made.overviews_i18n, Json{R"({"de": "Es beginnt."})"});
  EXPECT_EQ(made.air_date, day("2024-03-03"));
  EXPECT_EQ(made.runtime, 45);
  EXPECT_EQ(made.vote_average, Numeric("8.25"));
  EXPECT_EQ(made.vote_count, 100);
  EXPECT_EQ(made.still_path, "/still.jpg");
  EXPECT_EQ(made.production_code, "101");
  EXPECT_EQ(made.created_at, made.updated_at);
  const auto bare = client.get_episode(db, add(2, 1));
  EXPECT_TRUE(!bare->tmdb_id && !bare->tvdb_id && !bare->imdb_id && !bare->overview &&
              !bare->air_date && !bare->runtime && !bare->vote_average && !bare->vote_count &&
              !bare->still_path && !bare->production_code);
}

TEST_F(EpisodeChanges, HaveNumbersOfTheirOwnWithinTheSeries) {
  add_full(uuid(1), uuid(0x11), 1, 1);
  EXPECT_THROW(add(1, 1), UniqueViolation);
  EXPECT_EQ(add_full(uuid(1), uuid(0x11), 2, 1).tmdb_id, 5) << "TMDb ids may repeat";
  EXPECT_EQ(add_full(uuid(2), uuid(0x11), 2, 1).series_id, uuid(2));
  EXPECT_THROW(add_full(uuid(1), uuid(0x19), 2, 2), ForeignKeyViolation);
  EXPECT_THROW(add_full(uuid(9), uuid(0x11), 2, 2), ForeignKeyViolation);
}

TEST_F(EpisodeChanges, ArePatched) {
  auto expected = add_full(uuid(1), uuid(0x11), 1, 1);
  const Uuid other = add(1, 2);
  const auto same = client.update_episode(db, {.id = expected.id});
  ASSERT_TRUE(same);
  EXPECT_GT(same->updated_at, expected.updated_at);
  expected.updated_at = same->updated_at;
  EXPECT_EQ(same, expected) << "nulls keep everything else";
  const auto changed = client.update_episode(db, {.tmdb_id = 15,
                                                  .tvdb_id = 16,
                                                  .imdb_id = "tt17",
                                                  .title = "Start",
                                                  .overview = "",
                                                  .titles_i18n = Json{"{}"},
                                                  .overviews_i18n = Json{"[]"},
                                                  .air_date = day("2024-04-04"),
                                                  .runtime = 0,
                                                  .vote_average = Numeric("1"),
                                                  .vote_count = 0,
                                                  .still_path = "/s",
                                                  .production_code = "c",
                                                  .id = expected.id});
  EXPECT_EQ(changed->tmdb_id, 15);
  EXPECT_EQ(changed->tvdb_id, 16);
  EXPECT_EQ(changed->imdb_id, "tt17");
  EXPECT_EQ(changed->title, "Start");
  EXPECT_EQ(changed->overview, "") << "an empty text is a value";
  EXPECT_EQ(changed->titles_i18n, Json{"{}"});
  EXPECT_EQ(changed->overviews_i18n, Json{"[]"});
  EXPECT_EQ(changed->air_date, day("2024-04-04"));
  EXPECT_EQ(changed->runtime, 0);
  EXPECT_EQ(changed->vote_average, Numeric("1.00"));
  EXPECT_EQ(changed->vote_count, 0);
  EXPECT_EQ(changed->still_path, "/s");
  EXPECT_EQ(changed->production_code, "c");
  EXPECT_EQ(changed->season_id, uuid(0x11));
  EXPECT_EQ(changed->season_number, 1);
  EXPECT_EQ(changed->episode_number, 1);
  EXPECT_EQ(client.get_episode(db, other)->title, "e");
  EXPECT_FALSE(client.update_episode(db, {.title = "nobody", .id = uuid(9)}));
}

TEST_F(EpisodeChanges, AreAddedOrReplacedByNumber) {
  const auto upsert = [&](const Uuid& season, std::int32_t number, std::string_view title) {
    return client.upsert_episode(db, {.series_id = uuid(1),
                                      .season_id = season,
                                      .season_number = 1,
                                      .episode_number = number,
                                      .title = title,
                                      .titles_i18n = Json{"{}"},
                                      .overviews_i18n = Json{"[]"}});
  };
  const auto made = add_full(uuid(1), uuid(0x11), 1, 1);
  const auto bare = upsert(uuid(0x12), 1, "bare");
  EXPECT_EQ(bare.id, made.id);
  EXPECT_EQ(bare.season_id, uuid(0x11)) << "it stays in its season";
  EXPECT_EQ(bare.created_at, made.created_at);
  EXPECT_GT(bare.updated_at, made.updated_at);
  EXPECT_EQ(bare.title, "bare");
  EXPECT_EQ(bare.titles_i18n, Json{"{}"});
  EXPECT_EQ(bare.overviews_i18n, Json{"[]"});
  EXPECT_TRUE(!bare.tmdb_id && !bare.tvdb_id && !bare.imdb_id && !bare.overview && !bare.air_date &&
              !bare.runtime && !bare.vote_average && !bare.vote_count && !bare.still_path &&
              !bare.production_code)
      << "null replaces too";
  const auto added = upsert(uuid(0x12), 2, "new");
  EXPECT_NE(added.id, made.id);
  EXPECT_EQ(added.season_id, uuid(0x12));
  EXPECT_THAT(left(1), ElementsAre(1, 2));

  const auto again = client.upsert_episode(db, {.series_id = made.series_id,
                                                .season_id = made.season_id,
                                                .tmdb_id = made.tmdb_id,
                                                .tvdb_id = made.tvdb_id,
                                                .imdb_id = made.imdb_id,
                                                .season_number = made.season_number,
                                                .episode_number = made.episode_number,
                                                .title = made.title,
                                                .overview = made.overview,
                                                .titles_i18n = made.titles_i18n,
                                                .overviews_i18n = made.overviews_i18n,
                                                .air_date = made.air_date,
                                                .runtime = made.runtime,
                                                .vote_average = made.vote_average,
                                                .vote_count = made.vote_count,
                                                .still_path = made.still_path,
                                                .production_code = made.production_code});
  auto expected = made;
  expected.updated_at = again.updated_at;
  EXPECT_EQ(again, expected);
}

TEST_F(EpisodeChanges, EndWithAllThatBelongsToThem) {
  const Uuid gone = add(1, 1);
  const Uuid kept = add(1, 2);
  const Uuid ann = add_user("ann");
  for (const Uuid& id : {gone, kept}) {
    client.create_episode_file(
        db, {.episode_id = id, .file_path = id.to_string(), .file_name = "f", .file_size = 1});
    client.create_episode_credit(db, {.episode_id = id, .name = "Ida", .credit_type = "crew"});
    client.mark_episode_watched(db, {.user_id = ann, .episode_id = id, .progress_seconds = 1});
  }
  client.delete_episode(db, gone);
  EXPECT_FALSE(client.get_episode(db, gone));
  EXPECT_THAT(client.list_episode_files_by_episode(db, gone), IsEmpty());
  EXPECT_THAT(client.list_episode_crew(db, gone), IsEmpty());
  EXPECT_FALSE(client.get_episode_watch_progress(db, {.user_id = ann, .episode_id = gone}));
  EXPECT_EQ(client.list_episode_files_by_episode(db, kept).size(), 1U);
  EXPECT_EQ(client.list_episode_crew(db, kept).size(), 1U);
  EXPECT_TRUE(client.get_episode_watch_progress(db, {.user_id = ann, .episode_id = kept}));
}

TEST_F(EpisodeChanges, AreDeletedBySeriesOrSeason) {
  for (const std::int32_t number : {1, 2}) {
    add(1, number);
    add(2, number);
  }
  add_full(uuid(1), uuid(0x12), 1, 3);
  client.delete_episodes_by_season(db, uuid(0x12));
  EXPECT_THAT(left(1), ElementsAre(1, 2)) << "by the season, whatever the series";
  EXPECT_THAT(left(2), IsEmpty());
  add(2, 1);
  client.delete_episodes_by_series(db, uuid(1));
  EXPECT_THAT(left(1), IsEmpty());
  EXPECT_THAT(left(2), ElementsAre(1));
  EXPECT_TRUE(client.get_season(db, uuid(0x11))) << "the season stays";
}

}  // namespace
}  // namespace qm::test
