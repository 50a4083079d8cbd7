// Every choice of the optional plugins, installed in every order: each has its queries, the
// database ends up the same, and the queries of shared that read other plugins' tables are
// available or say why not.
#include <algorithm>
#include <quartermaster/movie.hpp>
#include <quartermaster/qar.hpp>
#include <quartermaster/shared.hpp>
#include <quartermaster/tvshow.hpp>

#include "database_text.hpp"
#include "shipped_host.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using testing::HasSubstr;

const std::vector<std::string> optional_plugins{"movie", "tvshow", "qar"};

// The statistics of shared work for the plugins that are there, and say what is missing else.
void expect_statistics(Host& host, const shared::Client& client, bool movie, bool tvshow) {
  const auto call = [&](bool available, auto count, const char* query, const char* plugin) {
    if (available) {
      EXPECT_EQ(count(), 0) << query;
      return;
    }
    try {
      count();
      ADD_FAILURE() << query << " ran without " << plugin;
    } catch (const QueryUnavailable& error) {
      EXPECT_THAT(error.what(),
                  HasSubstr(std::string("query shared.") + query + ": expected plugin " + plugin +
                            ", whose tables it reads, found it is disabled"));
    }
  };
  Executor& db = host.pool();
  call(
      movie, [&] { return client.count_total_movies(db); }, "CountTotalMovies", "movie");
  call(
      movie, [&] { return client.count_total_movie_watches(db); }, "CountTotalMovieWatches",
      "movie");
  call(
      movie, [&] { return client.sum_movie_watch_duration_seconds(db); },
      "SumMovieWatchDurationSeconds", "movie");
  call(
      tvshow, [&] { return client.count_total_series(db); }, "CountTotalSeries", "tvshow");
  call(
      tvshow, [&] { return client.count_total_episodes(db); }, "CountTotalEpisodes", "tvshow");
  call(
      tvshow, [&] { return client.count_total_episode_watches(db); }, "CountTotalEpisodeWatches",
      "tvshow");
  call(
      tvshow, [&] { return client.sum_episode_watch_duration_seconds(db); },
      "SumEpisodeWatchDurationSeconds", "tvshow");
}

class Choices : public testing::TestWithParam<unsigned> {};

TEST_P(Choices, WorkWithTheQueriesTheyHave) {
  std::vector<std::string> enabled{"shared"};
  for (std::size_t i = 0; i < optional_plugins.size(); ++i) {
    if ((GetParam() >> i & 1U) != 0) enabled.push_back(optional_plugins[i]);
  }
  const auto has = [&](const char* id) {
    return std::find(enabled.begin(), enabled.end(), id) != enabled.end();
  };
  const TestDatabase database;
  Host host(shipped_config(database.url(), enabled));
  host.migrator().up();
  host.pool();
  EXPECT_EQ(static_cast<bool>(movie::Client::bind(host)), has("movie"));
  EXPECT_EQ(static_cast<bool>(tvshow::Client::bind(host)), has("tvshow"));
  EXPECT_EQ(static_cast<bool>(qar::Client::bind(host)), has("qar"));
  expect_statistics(host, shared::Client::bind(host).value(), has("movie"), has("tvshow"));
}

INSTANTIATE_TEST_SUITE_P(All, Choices, testing::Range(0U, 8U));

TEST(InstallationOrder, MakesNoDifference) {
  std::vector<std::string> order = optional_plugins;
  std::sort(order.begin(), order.end());
  std::string expected;
  do {
    const TestDatabase database;
    std::vector<std::string> enabled{"shared"};
    Host(shipped_config(database.url(), enabled)).migrator().up();
    for (const std::string& next : order) {
      enabled.push_back(next);
      Host(shipped_config(database.url(), enabled)).migrator().up();
    }
    const std::string found = catalog_facts(database.url());
    if (expected.empty()) expected = found;
    EXPECT_EQ(found, expected) << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Requirement, IsUnmetWhileTheOtherSchemaIsBehind) {
  const TestDatabase database;
  Host host(shipped_config(database.url(), {"shared", "movie", "tvshow"}));
  host.migrator().to(32);
  host.pool();
  const RegisteredQuery* movies = host.find_query("shared.CountTotalMovies");
  ASSERT_NE(movies, nullptr);
  const auto reason = host.unavailable(*movies);
  ASSERT_TRUE(reason);
  EXPECT_THAT(reason->text(), HasSubstr("expected schema version 202 of plugin movie, found 31"));
  EXPECT_EQ(host.unavailable(*host.find_query("shared.CountTotalSeries")), std::nullopt);
}

TEST(Statistics, CountWatchesOfAllUsers) {
  const TestDatabase database;
  Host host(shipped_config(database.url(), {"shared", "movie", "tvshow"}));
  host.migrator().up();
  run_sql(database.url(), R"(
    insert into shared.users (id, username, email, password_hash)
    select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'u' || n, 'u' || n || '@x', 'h'
    from generate_series(1, 2) as n;
    insert into movie.movies (id, title, deleted_at) values
      ('00000000-0000-0000-0000-000000000001', 'live', null),
      ('00000000-0000-0000-0000-000000000002', 'deleted', now());
    insert into movie.movie_watched (user_id, movie_id, progress_seconds, duration_seconds,
      is_completed, watch_count)
    select u.id, m.id, 1, 2000000000, u.username = 'u1', case u.username when 'u1' then 3 else 2 end
    from shared.users as u, movie.movies as m;
    insert into tvshow.series (id, title) values ('00000000-0000-0000-0000-000000000001', 's');
    insert into tvshow.seasons (id, series_id, season_number, name) values
      ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 1, 'n');
    insert into tvshow.episodes (id, series_id, season_id, season_number, episode_number, title)
    select ('00000000-0000-0000-0000-00000000000' || n)::uuid,
      '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 1, n, 'e'
    from generate_series(1, 3) as n;
    insert into tvshow.episode_watched (user_id, episode_id, duration_seconds, is_completed,
      watch_count)
    select '00000000-0000-0000-0000-000000000001', id, 60, episode_number < 3, episode_number
    from tvshow.episodes)");
  const auto client = shared::Client::bind(host).value();
  Executor& db = host.pool();
  EXPECT_EQ(client.count_total_movies(db), 2) << "deleted ones too";
  EXPECT_EQ(client.count_total_series(db), 1);
  EXPECT_EQ(client.count_total_episodes(db), 3);
  EXPECT_EQ(client.count_total_movie_watches(db), 10);
  EXPECT_EQ(client.count_total_episode_watches(db), 6);
  EXPECT_EQ(client.sum_movie_watch_duration_seconds(db), 12'000'000'000) << "completed ones only";
  EXPECT_EQ(client.sum_episode_watch_duration_seconds(db), 180);
}

}  // namespace
}  // namespace qm::test
