// The queries of watch progress and history.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Progress : public Qar {
 protected:
  Uuid ada = user("ada");
  Uuid bob = user("bob");
  Uuid in = fleet();

  qar::WatchProgress save(const Uuid& who, const Uuid& what, std::int32_t at, bool done = false) {
    return client.save_voyage_progress(db, {.user_id = who,
                                            .voyage_id = what,
                                            .progress_seconds = at,
                                            .duration_seconds = 100,
                                            .is_completed = done});
  }
  void watched(const char* title, const char* when) {
    sql("update qar.watch_progress set last_watched_at = '" + std::string(when) +
        "' where voyage_id = (select id from qar.voyages where title = '" + title + "')");
  }
};

TEST_F(Progress, OfAVoyageCountsCompletedViewings) {
  const Uuid what = voyage(in, "v");
  EXPECT_EQ(client.get_voyage_progress(db, {.user_id = ada, .voyage_id = what}), std::nullopt);
  const auto begun = save(ada, what, 10);
  EXPECT_EQ(begun.watch_count, 0);
  EXPECT_EQ(begun.completed_at, std::nullopt);
  EXPECT_EQ(begun.duration_seconds, 100);
  const auto done = save(ada, what, 100, true);
  EXPECT_EQ(done.id, begun.id);
  EXPECT_EQ(done.watch_count, 1);
  ASSERT_TRUE(done.completed_at);
  EXPECT_GT(done.last_watched_at, begun.last_watched_at);
  const auto repeated = save(ada, what, 99, true);
  EXPECT_EQ(repeated.watch_count, 1) << "no change of state";
  EXPECT_EQ(repeated.completed_at, done.completed_at);
  const auto again = save(ada, what, 5);
  EXPECT_FALSE(again.is_completed);
  EXPECT_EQ(again.progress_seconds, 5);
  EXPECT_EQ(again.completed_at, done.completed_at);
  const auto twice = save(ada, what, 100, true);
  EXPECT_EQ(twice.watch_count, 2);
  EXPECT_GT(twice.completed_at, done.completed_at);
  EXPECT_EQ(client.get_voyage_progress(db, {.user_id = ada, .voyage_id = what}), twice);
  EXPECT_EQ(client.get_voyage_progress(db, {.user_id = bob, .voyage_id = what}), std::nullopt);
  const Uuid unseen = voyage(in, "unseen");
  EXPECT_EQ(client.get_voyage_progress(db, {.user_id = ada, .voyage_id = unseen}), std::nullopt);

  EXPECT_EQ(save(bob, what, 100, true).watch_count, 1) << "completed at the first write";
  EXPECT_THROW(save(ada, what, -1), CheckViolation);
}

TEST_F(Progress, OfAnExpeditionDoesTheSame) {
  const Uuid what = expedition(in, "e");
  const auto save_whole = [&](std::int32_t at, bool done) {
    return client.save_expedition_progress(db, {.user_id = ada,
                                                .expedition_id = what,
                                                .progress_seconds = at,
                                                .duration_seconds = 100,
                                                .is_completed = done});
  };
  const auto first = save_whole(100, true);
  EXPECT_EQ(first.watch_count, 1);
  EXPECT_TRUE(first.completed_at);
  EXPECT_EQ(first.expedition_id, what);
  EXPECT_EQ(first.voyage_id, std::nullopt);
  EXPECT_EQ(save_whole(7, false).watch_count, 1);
  const auto again = save_whole(100, true);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.watch_count, 2);
  EXPECT_GT(again.completed_at, first.completed_at);
}

TEST_F(Progress, ContinuesWhatWasBegunLatestFirst) {
  const Uuid early = voyage(in, "early");
  const Uuid late = voyage(in, "late");
  const Uuid gone = voyage(in, "gone");
  save(ada, early, 10);
  save(ada, late, 20);
  save(ada, gone, 10);
  save(ada, voyage(in, "done"), 10, true);
  save(ada, voyage(in, "at the start"), 0);
  save(bob, voyage(in, "of bob"), 10);
  client.delete_voyage(db, gone);
  watched("early", "2024-01-01 00:00+00");
  watched("late", "2024-01-02 00:00+00");
  const auto listed = client.list_continue_voyages(db, {.user_id = ada, .limit = 9});
  EXPECT_EQ(titles(listed), (Texts{"late", "early"}));
  EXPECT_EQ(listed[0].progress_seconds, 20);
  EXPECT_EQ(listed[0].duration_seconds, 100);
  EXPECT_EQ(listed[0].last_watched_at, TimestampTz::parse("2024-01-02 00:00:00+00"));
  EXPECT_EQ(client.list_continue_voyages(db, {.user_id = ada, .limit = 1}).size(), 1U);
  watched("early", "2024-01-02 00:00+00");
  EXPECT_EQ(ids(client.list_continue_voyages(db, {.user_id = ada, .limit = 9})),
            sorted({early, late}));
}

TEST_F(Progress, IsForgottenByVoyageOrAltogether) {
  const Uuid a = voyage(in, "a");
  const Uuid b = voyage(in, "b");
  save(ada, a, 1);
  save(ada, b, 1);
  save(bob, a, 1);
  EXPECT_EQ(client.delete_voyage_progress(db, {.user_id = ada, .voyage_id = a}), 1);
  EXPECT_EQ(client.delete_voyage_progress(db, {.user_id = ada, .voyage_id = a}), 0);
  EXPECT_EQ(client.delete_user_progress(db, ada), 1);
  EXPECT_TRUE(client.get_voyage_progress(db, {.user_id = bob, .voyage_id = a}));
}

TEST_F(Progress, AddsUpForEveryUser) {
  save(ada, voyage(in, "done"), 100, true);
  const Uuid twice = voyage(in, "twice");
  save(ada, twice, 100, true);
  save(ada, twice, 0);
  save(ada, twice, 100, true);
  save(ada, voyage(in, "begun"), 1);
  save(ada, voyage(in, "opened"), 0);
  const auto of_ada = client.get_user_progress_stats(db, ada);
  EXPECT_EQ(of_ada.completed_count, 2);
  EXPECT_EQ(of_ada.in_progress_count, 1);
  EXPECT_EQ(of_ada.total_watches, 3);
  const auto of_bob = client.get_user_progress_stats(db, bob);
  EXPECT_EQ(of_bob.completed_count, 0);
  EXPECT_EQ(of_bob.in_progress_count, 0);
  EXPECT_EQ(of_bob.total_watches, 0);
}

TEST_F(Progress, HistoryIsListedLatestFirst) {
  const Uuid what = voyage(in, "v");
  const Uuid gone = voyage(in, "gone");
  const auto log = [&](const Uuid& who, const Uuid& id, std::int32_t at) {
    return client.append_voyage_log(
        db, {.user_id = who, .voyage_id = id, .position_seconds = at, .completed = at == 3});
  };
  EXPECT_FALSE(log(ada, what, 1).completed);
  log(ada, what, 2);
  const auto last = log(ada, what, 3);
  EXPECT_TRUE(last.completed);
  log(ada, gone, 4);
  log(bob, what, 5);
  client.delete_voyage(db, gone);
  sql("update qar.voyage_log set watched_at = '2024-01-01 00:00+00'::timestamptz + "
      "position_seconds * interval '1 day'");
  const auto list = [&](std::int64_t limit, std::int64_t offset) {
    std::vector<std::int32_t> positions;
    for (const auto& entry :
         client.list_voyage_log(db, {.user_id = ada, .limit = limit, .offset = offset})) {
      EXPECT_EQ(entry.title, "v");
      positions.push_back(entry.position_seconds);
    }
    return positions;
  };
  EXPECT_EQ(list(all, 0), (std::vector{3, 2, 1}));
  EXPECT_EQ(list(1, 1), (std::vector{2}));
  const auto cutoff = TimestampTz::parse("2024-01-03 00:00:00+00");
  EXPECT_EQ(client.delete_voyage_log_before(db, {.user_id = ada, .before = cutoff}), 1)
      << "strictly before, and of one user";
  EXPECT_EQ(list(all, 0), (std::vector{3, 2}));
}

}  // namespace
}  // namespace qm::test
