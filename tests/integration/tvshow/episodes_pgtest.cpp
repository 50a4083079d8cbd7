// Episodes: lookups, lists by series, season and air date, and counts.
#include <quartermaster/transaction.hpp>

#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The first series has a season 1 and specials; its episode 5 is numbered as of season 2, which is
// not there. The second series has the episodes 6 to 8, the third none.
class Episodes : public TvshowClient {
 protected:
  Episodes() {
    add_series(3);
    run("update tvshow.series set poster_path = '/1.jpg' where title = 'series 1'; "
        "insert into tvshow.seasons (id, series_id, season_number, name) "
        "select '00000000-0000-0000-0000-000000000020', id, 0, 'specials' from tvshow.series "
        "where title = 'series 1'; "
        "insert into tvshow.episodes (id, series_id, season_id, season_number, episode_number,"
        " title, tmdb_id, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || e)::uuid, series_id, id, s, n, 'e' || e,"
        " tmdb, day::timestamptz "
        "from (values (8, '12', 1, 3, null, '2026-01-01'), (7, '12', 1, 2, null, '2026-01-01'),"
        " (6, '12', 1, 1, 50, '2026-01-01'), (5, '11', 2, 2, 60, '2026-01-02'),"
        " (4, '20', 0, 1, 60, '2026-01-02'), (3, '11', 1, 10, 50, '2026-01-02'),"
        " (2, '11', 1, 2, null, '2026-01-01'), (1, '11', 1, 1, 60, '2026-01-03'))"
        " as v (e, season, s, n, tmdb, day) join tvshow.seasons on right(id::text, 2) = season"
        " order by e desc");
  }
};

TEST_F(Episodes, AreFoundByIdAndByNumber) {
  EXPECT_EQ(client.get_episode(db, uuid(3))->title, "e3");
  EXPECT_FALSE(client.get_episode(db, uuid(9)));
  const auto numbered = [&](std::uint8_t series, std::int32_t season, std::int32_t episode) {
    return client.get_episode_by_number(
        db, {.series_id = uuid(series), .season_number = season, .episode_number = episode});
  };
  EXPECT_EQ(numbered(1, 1, 10)->id, uuid(3));
  EXPECT_EQ(numbered(1, 2, 2)->id, uuid(5));
  EXPECT_EQ(numbered(2, 1, 1)->id, uuid(6));
  EXPECT_FALSE(numbered(1, 2, 1));
  EXPECT_FALSE(numbered(2, 1, 10));
}

TEST_F(Episodes, AreFoundByTMDbIdTheOneStoredFirst) {
  EXPECT_EQ(client.get_episode_by_tmdb_id(db, 50)->id, uuid(6));
  EXPECT_EQ(client.get_episode_by_tmdb_id(db, 60)->id, uuid(4)) << "by id among equals";
  EXPECT_FALSE(client.get_episode_by_tmdb_id(db, 70));
}

TEST_F(Episodes, OfASeriesAreListedInOrder) {
  EXPECT_THAT(numbers(client.list_episodes_by_series(db, uuid(1))), ElementsAre(4, 1, 2, 3, 5));
  EXPECT_THAT(numbers(client.list_episodes_by_series(db, uuid(2))), ElementsAre(6, 7, 8));
  EXPECT_THAT(client.list_episodes_by_series(db, uuid(3)), IsEmpty());
}

TEST_F(Episodes, OfASeasonAreListedInOrder) {
  EXPECT_THAT(numbers(client.list_episodes_by_season(db, uuid(0x11))), ElementsAre(1, 2, 5, 3));
  EXPECT_THAT(numbers(client.list_episodes_by_season(db, uuid(0x20))), ElementsAre(4));
  EXPECT_THAT(client.list_episodes_by_season(db, uuid(0x13)), IsEmpty());
  const auto numbered = [&](std::uint8_t series, std::int32_t season) {
    return numbers(client.list_episodes_by_season_number(
        db, {.series_id = uuid(series), .season_number = season}));
  };
  EXPECT_THAT(numbered(1, 1), ElementsAre(1, 2, 3));
  EXPECT_THAT(numbered(1, 2), ElementsAre(5)) << "by the number, whatever the season";
  EXPECT_THAT(numbered(2, 1), ElementsAre(6, 7, 8));
  EXPECT_THAT(numbered(2, 0), IsEmpty());
}

TEST_F(Episodes, AreCounted) {
  EXPECT_EQ(client.count_episodes_by_series(db, uuid(1)), 5);
  EXPECT_EQ(client.count_episodes_by_series(db, uuid(2)), 3);
  EXPECT_EQ(client.count_episodes_by_series(db, uuid(3)), 0);
  EXPECT_EQ(client.count_episodes_by_season(db, uuid(0x11)), 4);
  EXPECT_EQ(client.count_episodes_by_season(db, uuid(0x20)), 1);
  EXPECT_EQ(client.count_episodes_by_season(db, uuid(0x13)), 0);
}

TEST_F(Episodes, OfTheLastDaysAndTheNextAreListedWithTheirSeries) {
  const auto connection = acquire();
  Transaction today(*connection);  // it stays the same day within
  today.execute(
      "update tvshow.episodes set air_date = current_date + d "
      "from (values (1, 0), (2, -1), (3, -1), (6, -400), (4, 1), (5, 1), (8, 30)) as v (e, d) "
      "where title = 'e' || e");
  const auto recent = [&](std::int64_t limit, std::int64_t offset) {
    return client.list_recent_episodes(today, {.limit = limit, .offset = offset});
  };
  EXPECT_THAT(numbers(recent(10, 0)), ElementsAre(1, 2, 3, 6)) << "today included";
  EXPECT_THAT(numbers(recent(2, 1)), ElementsAre(2, 3));
  EXPECT_THAT(numbers(recent(10, 4)), IsEmpty());
  const auto upcoming = [&](std::int64_t limit, std::int64_t offset) {
    return client.list_upcoming_episodes(today, {.limit = limit, .offset = offset});
  };
  EXPECT_THAT(numbers(upcoming(10, 0)), ElementsAre(4, 5, 8)) << "tomorrow included";
  EXPECT_THAT(numbers(upcoming(1, 1)), ElementsAre(5));
  EXPECT_THAT(numbers(upcoming(10, 3)), IsEmpty());

  const auto shown = recent(10, 0);
  EXPECT_EQ(shown.at(0).series_title, "series 1");
  EXPECT_EQ(shown.at(0).series_poster_path, "/1.jpg");
  EXPECT_EQ(shown.at(0).title, "e1");
  EXPECT_EQ(shown.at(3).series_title, "series 2");
  EXPECT_EQ(shown.at(3).series_poster_path, std::nullopt);
  const auto next = upcoming(10, 0);
  EXPECT_EQ(next.at(1).series_title, "series 1");
  EXPECT_EQ(next.at(1).series_poster_path, "/1.jpg");
  EXPECT_EQ(next.at(1).season_number, 2);
  EXPECT_EQ(next.at(2).series_title, "series 2");
  EXPECT_EQ(next.at(2).series_poster_path, std::nullopt);
}

}  // namespace
}  // namespace qm::test
