// Series: adding, patching, counting anew and removing them.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::IsEmpty;

class SeriesChanges : public TvshowClient {
 protected:
  static TimestampTz at(const char* day) {
    return TimestampTz::parse(std::string(day) + " 00:00:00+00");
  }
  auto add_full() {
    return client.create_series(db, {.tmdb_id = 1,
                                     .tvdb_id = 2,
                                     .imdb_id = "tt3",
                                     .sonarr_id = 4,
                                     .title = "Dark",
                                     .tagline = "When?",
                                     .overview = "A cave.",
                                     .titles_i18n = Json{R"({"en": "Dark"})"},
                                     .taglines_i18n = Json{R"({"de": "Wann?"})"},
                                     .overviews_i18n = Json{R"({"de": "Eine Höhle."})"},
                                     .age_ratings = Json{R"({"DE": "16"})"},
                                     .external_ratings = Json{R"([{"value": 9}])"},
                                     .original_language = "de",
                                     .original_title = "Dunkel",
                                     .status = "ended",
                                     .type = "scripted",
                                     .first_air_date = day("2017-12-01"),
                                     .last_air_date = day("2020-06-27"),
                                     .vote_average = Numeric("8.4"),
                                     .vote_count = 7000,
                                     .popularity = Numeric("123.456"),
                                     .poster_path = "/p.jpg",
                                     .backdrop_path = "/b.jpg",
                                     .total_seasons = 3,
                                     .total_episodes = 26,
                                     .trailer_url = "https://example.org/t",
                                     .homepage = "https://example.org/",
                                     .metadata_updated_at = at("2026-01-01")});
  }
  // How many rows belong to a series, over all tables.
  std::string belongings(const Uuid& series) {
    const std::string id = "'" + series.to_string() + "'";
    return value(
        "with e as (select id from tvshow.episodes where series_id = " + id +
        ") select concat_ws(' ', (select count(*) from tvshow.seasons where series_id = " + id +
        "), (select count(*) from e), (select count(*) from tvshow.series_credits where series_id"
        " = " +
        id + "), (select count(*) from tvshow.series_genres where series_id = " + id +
        "), (select count(*) from tvshow.series_networks where series_id = " + id +
        "), (select count(*) from tvshow.episode_watched where episode_id in (select id from e)))");
  }
};

TEST_F(SeriesChanges, AreCreatedAsGiven) {
  const auto made = add_full();
  EXPECT_EQ(client.get_series(db, made.id), made);
  EXPECT_EQ(made.tmdb_id, 1);
  EXPECT_EQ(made.tvdb_id, 2);
  EXPECT_EQ(made.imdb_id, "tt3");
  EXPECT_EQ(made.sonarr_id, 4);
  EXPECT_EQ(made.title, "Dark");
  EXPECT_EQ(made.tagline, "When?");
  EXPECT_EQ(made.overview, "A cave.");
  EXPECT_EQ(made.titles_i18n, Json{R"({"en": "Dark"})"});
  EXPECT_EQ(made.taglines_i18n, Json{R"({"de": "Wann?"})"});
  EXPECT_EQ(made.overviews_i18n, Json{R"({"de": "Eine Höhle."})"});
  EXPECT_EQ(made.age_ratings, Json{R"({"DE": "16"})"});
  EXPECT_EQ(made.external_ratings, Json{R"([{"value": 9}])"});
  EXPECT_EQ(made.original_language, "de");
  EXPECT_EQ(made.original_title, "Dunkel");
  EXPECT_EQ(made.status, "ended");
  EXPECT_EQ(made.type, "scripted");
  EXPECT_EQ(made.first_air_date, day("2017-12-01"));
  EXPECT_EQ(made.last_air_date, day("2020-06-27"));
  EXPECT_EQ(made.vote_average, Numeric("8.40"));
  EXPECT_EQ(made.vote_count, 7000);
  EXPECT_EQ(made.popularity, Numeric("123.456"));
  EXPECT_EQ(made.poster_path, "/p.jpg");
  EXPECT_EQ(made.backdrop_path, "/b.jpg");
  EXPECT_EQ(made.total_seasons, 3);
  EXPECT_EQ(made.total_episodes, 26);
  EXPECT_EQ(made.trailer_url, "https://example.org/t");
  EXPECT_EQ(made.homepage, "https://example.org/");
  EXPECT_EQ(made.metadata_updated_at, at("2026-01-01"));
  EXPECT_EQ(made.created_at, made.updated_at);
}

TEST_F(SeriesChanges, MayLeaveOutWhatIsUnknown) {
  const auto bare = client.create_series(db, {.title = "bare"});
  EXPECT_TRUE(!bare.tmdb_id && !bare.tvdb_id && !bare.imdb_id && !bare.sonarr_id && !bare.tagline &&
              !bare.overview && !bare.original_title && !bare.status && !bare.type &&
              !bare.first_air_date && !bare.last_air_date && !bare.vote_average &&
              !bare.vote_count && !bare.popularity && !bare.poster_path && !bare.backdrop_path &&
              !bare.trailer_url && !bare.homepage && !bare.metadata_updated_at);
  EXPECT_EQ(bare.original_language, "") << "the given value, not the default";
  EXPECT_EQ(bare.total_seasons, 0);
  EXPECT_NE(client.create_series(db, {.title = "bare"}).id, bare.id) << "titles may repeat";
}

TEST_F(SeriesChanges, HaveIdsOfTMDbAndTheTVDBOfTheirOwn) {
  add_full();
  EXPECT_THROW(client.create_series(db, {.tmdb_id = 1, .title = "t"}), UniqueViolation);
  EXPECT_THROW(client.create_series(db, {.tvdb_id = 2, .title = "t"}), UniqueViolation);
  const auto made = client.create_series(db, {.imdb_id = "tt3", .sonarr_id = 4, .title = "t"});
  EXPECT_EQ(made.sonarr_id, 4);
  EXPECT_THROW(client.update_series(db, {.tmdb_id = 1, .id = made.id}), UniqueViolation);
}

TEST_F(SeriesChanges, ArePatched) {
  auto expected = add_full();
  const auto other = client.create_series(db, {.title = "other"});
  const auto same = client.update_series(db, {.id = expected.id});
  ASSERT_TRUE(same);
  EXPECT_GT(same->updated_at, expected.updated_at);
  expected.updated_at = same->updated_at;
  EXPECT_EQ(same, expected) << "nulls keep everything else";
  const auto changed = client.update_series(db, {.tmdb_id = 11,
                                                 .tvdb_id = 12,
                                                 .imdb_id = "tt13",
                                                 .sonarr_id = 14,
                                                 .title = "Light",
                                                 .tagline = "t",
                                                 .overview = "o",
                                                 .titles_i18n = Json{"{}"},
                                                 .taglines_i18n = Json{"[]"},
                                                 .overviews_i18n = Json{"1"},
                                                 .age_ratings = Json{"2"},
                                                 .external_ratings = Json{"3"},
                                                 .original_language = "en",
                                                 .original_title = "L",
                                                 .status = "returning",
                                                 .type = "news",
                                                 .first_air_date = day("2001-01-01"),
                                                 .last_air_date = day("2002-02-02"),
                                                 .vote_average = Numeric("1.25"),
                                                 .vote_count = 0,
                                                 .popularity = Numeric("0.5"),
                                                 .poster_path = "/p",
                                                 .backdrop_path = "/b",
                                                 .total_seasons = 0,
                                                 .total_episodes = 1,
                                                 .trailer_url = "",
                                                 .homepage = "h",
                                                 .metadata_updated_at = at("2026-02-02"),
                                                 .id = expected.id});
  expected.tmdb_id = 11;
  expected.tvdb_id = 12;
  expected.imdb_id = "tt13";
  expected.sonarr_id = 14;
  expected.title = "Light";
  expected.tagline = "t";
  expected.overview = "o";
  expected.titles_i18n = Json{"{}"};
  expected.taglines_i18n = Json{"[]"};
  expected.overviews_i18n = Json{"1"};
  expected.age_ratings = Json{"2"};
  expected.external_ratings = Json{"3"};
  expected.original_language = "en";
  expected.original_title = "L";
  expected.status = "returning";
  expected.type = "news";
  expected.first_air_date = day("2001-01-01");
  expected.last_air_date = day("2002-02-02");
  expected.vote_average = Numeric("1.25");
  expected.vote_count = 0;
  expected.popularity = Numeric("0.500");
  expected.poster_path = "/p";
  expected.backdrop_path = "/b";
  expected.total_seasons = 0;
  expected.total_episodes = 1;
  expected.trailer_url = "";
  expected.homepage = "h";
  expected.metadata_updated_at = at("2026-02-02");
  ASSERT_TRUE(changed);
  expected.updated_at = changed->updated_at;
  EXPECT_EQ(changed, expected);
  EXPECT_EQ(client.get_series(db, other.id), other) << "nobody else changes";
  EXPECT_FALSE(client.update_series(db, {.title = "nobody", .id = uuid(9)}));
}

TEST_F(SeriesChanges, CountTheirSeasonsAndEpisodesAnew) {
  add_series(2);
  run("insert into tvshow.seasons (series_id, season_number, name) "
      "select series_id, 2, 'two' from tvshow.seasons where series_id ="
      " '00000000-0000-0000-0000-000000000001'; "
      "insert into tvshow.episodes (series_id, season_id, season_number, episode_number, title) "
      "select series_id, id, 1, e, 'e' from tvshow.seasons, generate_series(1, 3) as e "
      "where season_number = 1; "
      "update tvshow.series set total_seasons = 9, total_episodes = 9");
  const auto before = client.get_series(db, uuid(2));
  client.update_series_stats(db, uuid(1));
  const auto counted = client.get_series(db, uuid(1));
  EXPECT_EQ(counted->total_seasons, 2);
  EXPECT_EQ(counted->total_episodes, 3);
  EXPECT_GT(counted->updated_at, counted->created_at);
  EXPECT_EQ(client.get_series(db, uuid(2)), before);
  run("delete from tvshow.seasons");
  client.update_series_stats(db, uuid(1));
  EXPECT_EQ(client.get_series(db, uuid(1))->total_seasons, 0);
  EXPECT_EQ(client.get_series(db, uuid(1))->total_episodes, 0);
}

TEST_F(SeriesChanges, AreDeletedWithAllThatBelongsToThem) {
  add_series(2);
  add_user("ann");
  const Uuid network = client.create_network(db, {.name = "n"}).id;
  for (const Uuid& id : {uuid(1), uuid(2)}) {
    client.add_series_genre(db, {.series_id = id, .slug = "s", .name = "n"});
    client.add_series_network(db, {.series_id = id, .network_id = network});
    client.create_series_credit(db, {.series_id = id, .name = "Ida", .credit_type = "cast"});
  }
  run("insert into tvshow.episodes (series_id, season_id, season_number, episode_number, title) "
      "select series_id, id, 1, 1, 'e' from tvshow.seasons; "
      "insert into tvshow.episode_watched (user_id, episode_id) "
      "select users.id, episodes.id from shared.users, tvshow.episodes");
  EXPECT_EQ(belongings(uuid(1)), "1 1 1 1 1 1");
  client.delete_series(db, uuid(1));
  EXPECT_FALSE(client.get_series(db, uuid(1)));
  EXPECT_EQ(belongings(uuid(1)), "0 0 0 0 0 0");
  EXPECT_EQ(value("select count(*) from tvshow.episode_watched"), "1");
  EXPECT_TRUE(client.get_series(db, uuid(2)));
  EXPECT_EQ(belongings(uuid(2)), "1 1 1 1 1 1");
  EXPECT_TRUE(client.get_network(db, network));
  EXPECT_THAT(client.list_series_genres(db, uuid(1)), IsEmpty());
}

}  // namespace
}  // namespace qm::test
