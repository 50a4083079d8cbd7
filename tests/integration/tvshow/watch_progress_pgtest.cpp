// Watch progress, writing it: single episodes, whole batches, and forgetting them again.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;

// Two series: the first with the episodes 1 to 3, which run for 30 minutes, an unknown time and 0
// minutes, the second with the episode 4.
class WatchProgress : public TvshowClient {
 protected:
  WatchProgress() {
    add_series(2);
    run("insert into tvshow.episodes (id, series_id, season_id, season_number, episode_number,"
        " title, runtime) "
        "select ('00000000-0000-0000-0000-00000000000' || e)::uuid, series.id, seasons.id, 1, e,"
        " 'e', runtime "
        "from (values (1, 1, 30), (2, 1, null), (3, 1, 0), (4, 2, 50)) as v (e, s, runtime)"
        " join tvshow.series on series.title = 'series ' || s"
        " join tvshow.seasons on series_id = series.id");
  }
  auto write(std::int32_t progress, bool completed) {
    return client.create_or_update_watch_progress(db, {.user_id = ann,
                                                       .episode_id = uuid(1),
                                                       .progress_seconds = progress,
                                                       .duration_seconds = 1800,
                                                       .is_completed = completed});
  }
  // Moves all that was watched into the past, to see it return.
  void age() { run("update tvshow.episode_watched set last_watched_at = '2020-01-01'"); }
  auto progress(const Uuid& user, std::uint8_t episode) {
    return client.get_episode_watch_progress(db, {.user_id = user, .episode_id = uuid(episode)});
  }
  // "progress/duration completed count" of the episodes 1 to 4, "-" for none.
  std::vector<std::string> all(const Uuid& user) {
    std::vector<std::string> found;
    for (const std::uint8_t episode : std::initializer_list<std::uint8_t>{1, 2, 3, 4}) {
      const auto row = progress(user, episode);
      found.push_back(row ? std::to_string(row->progress_seconds) + "/" +
                                std::to_string(row->duration_seconds) +
                                (row->is_completed ? " completed " : " begun ") +
                                std::to_string(row->watch_count)
                          : "-");
    }
    return found;
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
  const TimestampTz year_2021 = TimestampTz::parse("2021-01-01 00:00:00+00");
};

TEST_F(WatchProgress, IsStoredWithTheFirstWrite) {
  const auto begun = write(60, false);
  EXPECT_EQ(progress(ann, 1), begun);
  EXPECT_EQ(begun.user_id, ann);
  EXPECT_EQ(begun.episode_id, uuid(1));
  EXPECT_EQ(begun.progress_seconds, 60);
  EXPECT_EQ(begun.duration_seconds, 1800);
  EXPECT_FALSE(begun.is_completed);
  EXPECT_EQ(begun.watch_count, 0) << "nothing was completed yet";
  EXPECT_EQ(begun.last_watched_at, begun.created_at);
  EXPECT_FALSE(progress(bea, 1));
  EXPECT_FALSE(progress(ann, 2));
  EXPECT_THROW(client.create_or_update_watch_progress(db, {.user_id = ann, .episode_id = uuid(9)}),
               ForeignKeyViolation);
  EXPECT_THROW(
      client.create_or_update_watch_progress(db, {.user_id = uuid(9), .episode_id = uuid(1)}),
      ForeignKeyViolation);
}

TEST_F(WatchProgress, CountsTheViewingsThatWereCompleted) {
  std::vector<std::int32_t> counts;
  for (const bool completed : {false, true, true, false, false, true})
    counts.push_back(write(60, completed).watch_count);
  EXPECT_THAT(counts, ElementsAre(0, 1, 1, 1, 1, 2));
  client.delete_watch_progress(db, {.user_id = ann, .episode_id = uuid(1)});
  EXPECT_EQ(write(1800, true).watch_count, 1) << "completed at once";
}

TEST_F(WatchProgress, IsReplacedByALaterWrite) {
  const auto first = write(1800, true);
  age();
  const auto second = client.create_or_update_watch_progress(db, {.user_id = ann,
                                                                  .episode_id = uuid(1),
                                                                  .progress_seconds = 10,
                                                                  .duration_seconds = 1700,
                                                                  .is_completed = false});
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.progress_seconds, 10);
  EXPECT_EQ(second.duration_seconds, 1700);
  EXPECT_FALSE(second.is_completed);
  EXPECT_EQ(second.watch_count, 1);
  EXPECT_GT(second.last_watched_at, year_2021);
  EXPECT_EQ(second.created_at, first.created_at);
  EXPECT_GT(second.updated_at, first.updated_at);
}

TEST_F(WatchProgress, GrowsByOneWithEveryMarkAsWatched) {
  const auto mark = [&](std::int32_t seconds) {
    return client.mark_episode_watched(
        db, {.user_id = ann, .episode_id = uuid(1), .progress_seconds = seconds});
  };
  const auto first = mark(1500);
  EXPECT_EQ(first.watch_count, 1);
  EXPECT_TRUE(first.is_completed);
  EXPECT_EQ(first.progress_seconds, 1500);
  EXPECT_EQ(first.duration_seconds, 1500);
  EXPECT_EQ(first.last_watched_at, first.created_at);
  age();
  const auto second = mark(1600);
  EXPECT_EQ(second.id, first.id);
  EXPECT_GT(second.last_watched_at, year_2021);
  EXPECT_THAT(all(ann), ElementsAre("1600/1600 completed 2", "-", "-", "-"));
  write(60, false);
  EXPECT_EQ(mark(1500).watch_count, 3);
  EXPECT_THAT(all(ann), ElementsAre("1500/1500 completed 3", "-", "-", "-"));
  EXPECT_THAT(all(bea), ElementsAre("-", "-", "-", "-"));
}

TEST_F(WatchProgress, OfManyEpisodesIsMarkedAtOnce) {
  write(60, false);
  client.mark_episode_watched(db, {.user_id = ann, .episode_id = uuid(4), .progress_seconds = 9});
  age();
  const auto mark = [&](std::vector<Uuid> ids) {
    return client.mark_episodes_watched_bulk(db, {.user_id = ann, .episode_ids = std::move(ids)});
  };
  EXPECT_EQ(mark({uuid(4), uuid(9), uuid(1), uuid(2), uuid(1)}), 3)
      << "unknown and repeated ids do not count";
  EXPECT_THAT(all(ann), ElementsAre("1800/1800 completed 1", "2700/2700 completed 1", "-",
                                    "3000/3000 completed 2"));
  EXPECT_GT(progress(ann, 1)->last_watched_at, year_2021);
  EXPECT_EQ(progress(ann, 2)->last_watched_at, progress(ann, 1)->last_watched_at);
  EXPECT_EQ(mark({uuid(3), uuid(2)}), 2);
  EXPECT_THAT(all(ann), ElementsAre("1800/1800 completed 1", "2700/2700 completed 2",
                                    "0/0 completed 1", "3000/3000 completed 2"));
  EXPECT_EQ(mark({}), 0);
  EXPECT_EQ(mark({uuid(9)}), 0);
  EXPECT_THAT(all(bea), ElementsAre("-", "-", "-", "-"));
}

TEST_F(WatchProgress, IsForgottenByEpisodeOrBySeries) {
  for (const Uuid& user : {ann, bea})
    client.mark_episodes_watched_bulk(
        db, {.user_id = user, .episode_ids = {uuid(1), uuid(2), uuid(4)}});
  client.delete_watch_progress(db, {.user_id = ann, .episode_id = uuid(1)});
  EXPECT_THAT(all(ann), ElementsAre("-", "2700/2700 completed 1", "-", "3000/3000 completed 1"));
  client.mark_episodes_watched_bulk(db, {.user_id = ann, .episode_ids = {uuid(1)}});
  client.delete_series_watch_progress(db, {.user_id = ann, .series_id = uuid(1)});
  EXPECT_THAT(all(ann), ElementsAre("-", "-", "-", "3000/3000 completed 1"));
  EXPECT_THAT(all(bea), ElementsAre("1800/1800 completed 1", "2700/2700 completed 1", "-",
                                    "3000/3000 completed 1"));
}

TEST_F(WatchProgress, EndsWithItsUser) {
  write(60, false);
  client.mark_episode_watched(db, {.user_id = bea, .episode_id = uuid(1), .progress_seconds = 9});
  run("delete from shared.users where username = 'ann'");
  EXPECT_FALSE(progress(ann, 1));
  EXPECT_THAT(all(bea), ElementsAre("9/9 completed 1", "-", "-", "-"));
}

}  // namespace
}  // namespace qm::test
