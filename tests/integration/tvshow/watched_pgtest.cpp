// Watch progress, reading it: what to continue, what was watched, statistics and what comes next.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Four series, the last without an episode. The first has the episodes 1 to 4, of which 4 is of
// season 0 and 3 of season 2, the second has 5 and 6, the third 7. Bea has watched episode 1 only.
// The ids of what ann has watched are those of the episodes plus 32.
class Watched : public TvshowClient {
 protected:
  Watched() {
    add_series(4);
    run("update tvshow.series set poster_path = '/1.jpg' where title = 'series 1'; "
        "insert into tvshow.episodes (id, series_id, season_id, season_number, episode_number,"
        " title, still_path) "
        "select ('00000000-0000-0000-0000-00000000000' || e)::uuid, series.id, seasons.id, s, n,"
        " 'e' || e, still "
        "from (values (1, 1, 1, 1, '/e1.jpg'), (2, 1, 1, 2, null), (3, 1, 2, 1, null),"
        " (4, 1, 0, 1, null), (5, 2, 1, 1, null), (6, 2, 1, 2, null), (7, 3, 1, 1, null))"
        " as v (e, of, s, n, still) join tvshow.series on series.title = 'series ' || of"
        " join tvshow.seasons on series_id = series.id");
    run("insert into tvshow.episode_watched (user_id, episode_id, progress_seconds,"
        " duration_seconds, is_completed, watch_count, last_watched_at) "
        "select id, '00000000-0000-0000-0000-000000000001', 5, 1800, false, 2, '2026-02-01' "
        "from shared.users where username = 'bea'");
  }
  // Watched by ann: rows of episode, progress, whether completed, count and day.
  void watched(const std::string& rows) {
    run("insert into tvshow.episode_watched (id, user_id, episode_id, progress_seconds,"
        " duration_seconds, is_completed, watch_count, last_watched_at) "
        "select ('00000000-0000-0000-0000-00000000002' || e)::uuid, users.id,"
        " ('00000000-0000-0000-0000-00000000000' || e)::uuid, progress, 1800, completed, times,"
        " day::timestamptz from shared.users, (values " +
        rows + ") as v (e, progress, completed, times, day) where username = 'ann'");
  }
  // "series episode" for each series to continue.
  std::vector<std::string> to_continue(const Uuid& user, std::int64_t limit = 10) {
    std::vector<std::string> found;
    for (const auto& row :
         client.list_continue_watching_series(db, {.user_id = user, .limit = limit}))
      found.push_back(row.title + " " + row.last_episode_title);
    return found;
  }
  std::vector<int> completed(const Uuid& user, std::int64_t limit = 10, std::int64_t offset = 0) {
    return numbers(client.list_watched_episodes_by_user(
        db, {.user_id = user, .limit = limit, .offset = offset}));
  }
  // Completed, begun, viewings and episodes.
  std::vector<std::int64_t> of_series(const Uuid& user, std::uint8_t series) {
    const auto stats =
        client.get_series_watch_stats(db, {.user_id = user, .series_id = uuid(series)});
    return {stats.watched_count, stats.in_progress_count, stats.total_watches,
            stats.total_episodes};
  }
  // Series, completed, begun and viewings.
  std::vector<std::int64_t> of_user(const Uuid& user) {
    const auto stats = client.get_user_tv_stats(db, user);
    return {stats.series_count, stats.episodes_watched, stats.episodes_in_progress,
            stats.total_watches};
  }
  std::string next(const Uuid& user, std::uint8_t series) {
    const auto row =
        client.get_next_unwatched_episode(db, {.user_id = user, .series_id = uuid(series)});
    return row ? row->title : "-";
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

TEST_F(Watched, BegunEpisodesContinueTheirSeriesLatestFirst) {
  watched(
      "(1, 1800, true, 1, '2026-01-09'), (2, 100, false, 0, '2026-01-02'),"
      " (3, 50, false, 3, '2026-01-03'), (5, 10, false, 0, '2026-01-05'),"
      " (6, 0, false, 0, '2026-01-09'), (7, 5, false, 0, '2026-01-04')");
  EXPECT_THAT(to_continue(ann), ElementsAre("series 2 e5", "series 3 e7", "series 1 e3"));
  EXPECT_THAT(to_continue(ann, 1), ElementsAre("series 2 e5")) << "the latest, not the first id";
  EXPECT_THAT(to_continue(bea), ElementsAre("series 1 e1"));
  EXPECT_THAT(to_continue(uuid(9)), IsEmpty());

  const auto row = client.list_continue_watching_series(db, {.user_id = ann, .limit = 3}).at(2);
  EXPECT_EQ(row.id, uuid(1));
  EXPECT_EQ(row.poster_path, "/1.jpg");
  EXPECT_EQ(row.last_episode_id, uuid(3));
  EXPECT_EQ(row.last_season_number, 2);
  EXPECT_EQ(row.last_episode_number, 1);
  EXPECT_EQ(row.progress_seconds, 50);
  EXPECT_EQ(row.duration_seconds, 1800);
  EXPECT_EQ(row.last_watched_at, TimestampTz::parse("2026-01-03 00:00:00+00"));
}

TEST_F(Watched, EpisodesContinueInAFixedOrderWhenTheirTimesAreEqualOrUnknown) {
  watched(
      "(1, 1, false, 0, '2026-01-01'), (2, 1, false, 0, '2026-01-01'),"
      " (4, 1, false, 0, '2026-01-01'), (6, 1, false, 0, '2026-01-01'),"
      " (5, 1, false, 0, '2026-01-01'), (7, 1, false, 0, null)");
  EXPECT_THAT(to_continue(ann), ElementsAre("series 3 e7", "series 1 e2", "series 2 e6"))
      << "the later episode, series by id, an unknown time first";
  watched("(3, 1, false, 0, '2026-01-01')");
  EXPECT_THAT(to_continue(ann), ElementsAre("series 3 e7", "series 1 e3", "series 2 e6"))
      << "the season before the number";
  run("update tvshow.episode_watched set last_watched_at = null where episode_id ="
      " '00000000-0000-0000-0000-000000000001'");
  EXPECT_THAT(to_continue(ann), ElementsAre("series 1 e1", "series 3 e7", "series 2 e6"))
      << "an unknown time wins within a series too";
}

TEST_F(Watched, EpisodesOfASeriesAreListedInOrderCompletedOrNot) {
  watched(
      "(1, 1800, true, 1, '2026-01-09'), (3, 50, false, 0, '2026-01-03'),"
      " (4, 0, false, 0, null), (5, 10, false, 0, '2026-01-05'), (2, 9, true, 1, '2026-01-01')");
  const auto of = [&](const Uuid& user, std::uint8_t series) {
    return client.list_watched_episodes_by_series(db, {.user_id = user, .series_id = uuid(series)});
  };
  const auto listed = of(ann, 1);
  EXPECT_THAT(numbers(listed), ElementsAre(0x24, 0x21, 0x22, 0x23));
  EXPECT_EQ(listed.at(3).season_number, 2);
  EXPECT_EQ(listed.at(3).episode_number, 1);
  EXPECT_EQ(listed.at(3).episode_title, "e3");
  EXPECT_EQ(listed.at(3).progress_seconds, 50);
  EXPECT_EQ(listed.at(0).last_watched_at, std::nullopt);
  EXPECT_THAT(numbers(of(ann, 2)), ElementsAre(0x25));
  EXPECT_THAT(of(ann, 3), IsEmpty());
  EXPECT_EQ(of(bea, 1).size(), 1U);
}

TEST_F(Watched, EpisodesOfAUserAreListedLatestFirstWhenCompleted) {
  watched(
      "(1, 1800, true, 1, '2026-01-02'), (3, 50, false, 1, '2026-01-09'),"
      " (6, 1800, true, 1, null), (5, 1800, true, 1, '2026-01-02'),"
      " (2, 1800, true, 1, '2026-01-03')");
  EXPECT_THAT(completed(ann), ElementsAre(0x26, 0x22, 0x21, 0x25)) << "unknown first, equals by id";
  EXPECT_THAT(completed(ann, 2, 1), ElementsAre(0x22, 0x21));
  EXPECT_THAT(completed(ann, 2, 4), IsEmpty());
  EXPECT_THAT(completed(bea), IsEmpty());

  const auto rows = client.list_watched_episodes_by_user(db, {.user_id = ann, .limit = 4});
  EXPECT_EQ(rows.at(2).episode_id, uuid(1));
  EXPECT_EQ(rows.at(2).season_number, 1);
  EXPECT_EQ(rows.at(2).episode_number, 1);
  EXPECT_EQ(rows.at(2).episode_title, "e1");
  EXPECT_EQ(rows.at(2).episode_still_path, "/e1.jpg");
  EXPECT_EQ(rows.at(2).series_id, uuid(1));
  EXPECT_EQ(rows.at(2).series_title, "series 1");
  EXPECT_EQ(rows.at(2).series_poster_path, "/1.jpg");
  EXPECT_EQ(rows.at(3).episode_still_path, std::nullopt);
  EXPECT_EQ(rows.at(3).series_id, uuid(2));
  EXPECT_EQ(rows.at(3).series_title, "series 2");
  EXPECT_EQ(rows.at(3).series_poster_path, std::nullopt);
}

TEST_F(Watched, EpisodesAreCountedBySeriesAndByUser) {
  watched(
      "(1, 1800, true, 2, '2026-01-02'), (2, 100, false, 1, '2026-01-02'),"
      " (3, 0, false, 0, null), (5, 1800, true, 3, '2026-01-02')");
  EXPECT_THAT(of_series(ann, 1), ElementsAre(1, 1, 3, 4)) << "at 0 seconds nothing is begun";
  EXPECT_THAT(of_series(ann, 2), ElementsAre(1, 0, 3, 2));
  EXPECT_THAT(of_series(ann, 3), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(of_series(ann, 9), ElementsAre(0, 0, 0, 0)) << "there is always an answer";
  EXPECT_THAT(of_series(bea, 1), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(of_user(ann), ElementsAre(2, 2, 1, 6));
  EXPECT_THAT(of_user(bea), ElementsAre(1, 0, 1, 2));
  EXPECT_THAT(of_user(uuid(9)), ElementsAre(0, 0, 0, 0));
}

TEST_F(Watched, TheNextEpisodeIsTheFirstNotCompleted) {
  EXPECT_EQ(next(ann, 1), "e4") << "specials are season 0";
  watched("(4, 1800, true, 1, null), (1, 100, false, 1, null), (2, 1800, true, 1, null)");
  EXPECT_EQ(next(ann, 1), "e1") << "begun is not completed";
  run("update tvshow.episode_watched set is_completed = true");
  EXPECT_EQ(next(ann, 1), "e3");
  EXPECT_EQ(next(bea, 1), "e4") << "whatever others watched";
  watched("(3, 1800, true, 1, null)");
  EXPECT_EQ(next(ann, 1), "-");
  EXPECT_EQ(next(ann, 2), "e5");
  EXPECT_EQ(next(ann, 4), "-");
}

}  // namespace
}  // namespace qm::test
