// What users watched: progress, completed viewings, the two lists made of them, and the totals.
#include "movie_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WatchProgress : public MovieClient {
 protected:
  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");

  movie::MovieWatched save(const Uuid& who, std::uint8_t movie, std::int32_t progress,
                           std::optional<bool> completed,
                           std::optional<std::int32_t> duration = 100) {
    return client.create_or_update_watch_progress(db, {.user_id = who,
                                                       .movie_id = uuid(movie),
                                                       .progress_seconds = progress,
                                                       .duration_seconds = duration,
                                                       .is_completed = completed});
  }
  auto get(const Uuid& who, std::uint8_t movie) {
    return client.get_watch_progress(db, {.user_id = who, .movie_id = uuid(movie)});
  }
  // Watch rows of ann; a movie of that number has to be there.
  void add_watched(const std::string& rows) {
    run("insert into movie.movie_watched (user_id, movie_id, progress_seconds, duration_seconds,"
        " is_completed, watch_count, last_watched_at) select '" +
        ann.to_string() +
        "',"
        " ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, progress, duration,"
        " completed, watches, day::timestamptz from (values " +
        rows + ") as w (n, progress, duration, completed, watches, day)");
  }
};

TEST_F(WatchProgress, IsStoredPerUserAndMovieAndReplaced) {
  add_movies("title", "(1, 'a'), (2, 'b')");
  const auto begun = save(ann, 1, 25, false, 200);
  EXPECT_EQ(begun.user_id, ann);
  EXPECT_EQ(begun.movie_id, uuid(1));
  EXPECT_EQ(begun.progress_seconds, 25);
  EXPECT_EQ(begun.duration_seconds, 200);
  EXPECT_EQ(begun.progress_percent, Numeric("12.50"));
  EXPECT_EQ(begun.is_completed, false);
  EXPECT_EQ(begun.completed_at, std::nullopt);
  EXPECT_EQ(begun.last_watched_at, begun.created_at);
  EXPECT_EQ(get(ann, 1), begun);
  EXPECT_EQ(get(ann, 2), std::nullopt);
  EXPECT_EQ(get(bea, 1), std::nullopt);

  save(bea, 1, 50, false);
  const auto later = save(ann, 1, 10, std::nullopt, std::nullopt);
  EXPECT_EQ(later.id, begun.id);
  EXPECT_EQ(later.progress_seconds, 10);
  EXPECT_EQ(later.duration_seconds, std::nullopt) << "replaced, not kept";
  EXPECT_EQ(later.progress_percent, Numeric("0.00")) << "of an unknown duration";
  EXPECT_EQ(later.is_completed, std::nullopt);
  EXPECT_EQ(later.created_at, begun.created_at);
  EXPECT_GT(later.last_watched_at, begun.last_watched_at);
  EXPECT_GT(later.updated_at, begun.updated_at);
  EXPECT_EQ(get(ann, 1), later);
  EXPECT_EQ(get(bea, 1)->progress_seconds, 50);
  EXPECT_THROW(save(ann, 3, 1, false), ForeignKeyViolation);
  EXPECT_THROW(save(uuid(9), 1, 1, false), ForeignKeyViolation);
}

TEST_F(WatchProgress, CountsChangesFromNotCompletedToCompleted) {
  add_movies("title", "(1, 'a'), (2, 'b'), (3, 'c')");
  EXPECT_EQ(save(ann, 1, 10, false).watch_count, 0);
  EXPECT_EQ(save(ann, 1, 100, true).watch_count, 1);
  EXPECT_EQ(save(ann, 1, 100, true).watch_count, 1) << "no change";
  EXPECT_EQ(save(ann, 1, 10, false).watch_count, 1);
  const auto twice = save(ann, 1, 100, true);
  EXPECT_EQ(twice.watch_count, 2);
  EXPECT_EQ(twice.completed_at, std::nullopt) << "nothing sets it";

  EXPECT_EQ(save(ann, 2, 100, true).watch_count, 1) << "completed by the first write";
  EXPECT_EQ(save(ann, 2, 0, std::nullopt).watch_count, 1);
  EXPECT_EQ(save(ann, 2, 100, true).watch_count, 2) << "null is not completed";
  EXPECT_EQ(save(ann, 3, 0, std::nullopt).watch_count, 0);

  run("update movie.movie_watched set watch_count = null");
  EXPECT_EQ(save(ann, 3, 5, false).watch_count, std::nullopt);
  EXPECT_EQ(save(ann, 3, 100, true).watch_count, 1) << "null counts as none";
}

TEST_F(WatchProgress, IsForgottenForOneUserAndMovie) {
  add_movies("title", "(1, 'a'), (2, 'b')");
  save(ann, 1, 100, true);
  const auto other_movie = save(ann, 2, 1, false);
  const auto other_user = save(bea, 1, 1, false);
  client.delete_watch_progress(db, {.user_id = ann, .movie_id = uuid(1)});
  EXPECT_EQ(get(ann, 1), std::nullopt);
  EXPECT_EQ(get(ann, 2), other_movie);
  EXPECT_EQ(get(bea, 1), other_user);
  EXPECT_EQ(save(ann, 1, 1, false).watch_count, 0) << "a new row";
}

TEST_F(WatchProgress, ContinuesWhatIsMoreThanFivePercentInLatestFirst) {
  add_movies("title, year, deleted_at",
             "(1, 'old', 1990, null::timestamptz), (2, 'latest', 1991, null),"
             "(3, 'tied', 1992, null), (4, 'at five', 1993, null), (5, 'done', 1994, null),"
             "(6, 'no duration', 1995, null), (7, 'gone', 1996, now()),"
             "(8, 'tied, null', 1997, null), (9, 'of bea', 1998, null)");
  add_watched(
      "(8, 501, 10000, null, 0, '2020-01-02'), (1, 50, 100, false, 0, '2020-01-01'),"
      "(2, 6, 100, false, 1, '2020-01-03'), (3, 99, 100, false, 0, '2020-01-02'),"
      "(4, 5, 100, false, 0, '2020-01-09'), (5, 50, 100, true, 1, '2020-01-09'),"
      "(6, 50, null, false, 0, '2020-01-09'), (7, 50, 100, false, 0, '2020-01-09')");
  save(bea, 9, 50, false);
  const auto rows = client.list_continue_watching(db, {.user_id = ann, .limit = 10});
  EXPECT_THAT(numbers(rows), ElementsAre(2, 3, 8, 1));
  EXPECT_EQ(rows[2].title, "tied, null");
  EXPECT_EQ(rows[2].year, 1997);
  EXPECT_EQ(rows[2].progress_seconds, 501);
  EXPECT_EQ(rows[2].duration_seconds, 10000);
  EXPECT_EQ(rows[2].progress_percent, Numeric("5.01"));
  EXPECT_EQ(rows[2].last_watched_at, at("2020-01-02"));
  EXPECT_THAT(numbers(client.list_continue_watching(db, {.user_id = ann, .limit = 2})),
              ElementsAre(2, 3));
  EXPECT_THAT(titles(client.list_continue_watching(db, {.user_id = bea, .limit = 10})),
              ElementsAre("of bea"));
}

TEST_F(WatchProgress, ListsCompletedMoviesLatestFirst) {
  add_movies("title, deleted_at",
             "(1, 'old', null::timestamptz), (2, 'latest', null), (3, 'tied', null),"
             "(4, 'tied', null), (5, 'begun', null), (6, 'unknown', null), (7, 'gone', now()),"
             "(8, 'of bea', null)");
  add_watched(
      "(4, 0, null, true, null, '2020-01-02'), (1, 100, 100, true, 3, '2020-01-01'),"
      "(2, 90, 100, true, 2, '2020-01-03'), (3, 1, 100, true, 1, '2020-01-02'),"
      "(5, 99, 100, false, 5, '2020-01-09'), (6, 99, 100, null, 5, '2020-01-09'),"
      "(7, 99, 100, true, 1, '2020-01-09')");
  save(bea, 8, 100, true);
  const auto rows = client.list_watched_movies(db, {.user_id = ann, .limit = 10});
  EXPECT_THAT(numbers(rows), ElementsAre(2, 3, 4, 1));
  EXPECT_EQ(rows[0].title, "latest");
  EXPECT_EQ(rows[0].watch_count, 2);
  EXPECT_EQ(rows[0].last_watched_at, at("2020-01-03"));
  EXPECT_EQ(rows[2].watch_count, std::nullopt);
  EXPECT_THAT(numbers(client.list_watched_movies(db, {.user_id = ann, .limit = 2, .offset = 1})),
              ElementsAre(3, 4));
  EXPECT_THAT(client.list_watched_movies(db, {.user_id = ann, .limit = 10, .offset = 4}),
              IsEmpty());
  EXPECT_THAT(numbers(client.list_watched_movies(db, {.user_id = bea, .limit = 10})),
              ElementsAre(8));
}

TEST_F(WatchProgress, AddsUpForEveryUserDeletedMoviesIncluded) {
  add_movies("title, deleted_at",
             "(1, 'a', null::timestamptz), (2, 'b', null), (3, 'c', null), (4, 'd', null),"
             "(5, 'gone', now()), (6, 'gone', now())");
  add_watched(
      "(1, 100, 100, true, 2, '2020-01-01'), (2, 50, 100, false, 1, '2020-01-01'),"
      "(3, 5, 100, false, null, '2020-01-01'), (4, 6, 100, null, 0, '2020-01-01'),"
      "(5, 100, 100, true, 4, '2020-01-01'), (6, 50, 100, false, 0, '2020-01-01')");
  save(bea, 1, 100, true);
  const auto of_ann = client.get_user_movie_stats(db, ann);
  EXPECT_EQ(of_ann.watched_count, 2);
  EXPECT_EQ(of_ann.in_progress_count, 3);
  EXPECT_EQ(of_ann.total_watches, 7);
  const auto of_bea = client.get_user_movie_stats(db, bea);
  EXPECT_EQ(of_bea.watched_count, 1);
  EXPECT_EQ(of_bea.in_progress_count, 0);
  EXPECT_EQ(of_bea.total_watches, 1);
  const auto of_nobody = client.get_user_movie_stats(db, uuid(9));
  EXPECT_EQ(of_nobody.watched_count, 0);
  EXPECT_EQ(of_nobody.in_progress_count, 0);
  EXPECT_EQ(of_nobody.total_watches, 0);
}

}  // namespace
}  // namespace qm::test
