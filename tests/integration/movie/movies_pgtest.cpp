// Movies: how they are stored, found, changed and deleted.
#include "movie_client.hpp"

namespace qm::test {
namespace {

class Movies : public MovieClient {};

// Every value given, none of them a default.
movie::CreateMovieParams solaris() {
  return {.tmdb_id = 593,
          .imdb_id = "tt0069293",
          .title = "Solaris",
          .original_title = "Solyaris",
          .year = 1972,
          .release_date = Date::parse("1972-03-20"),
          .runtime = 167,
          .overview = "A planet",
          .tagline = "An ocean",
          .status = "Released",
          .original_language = "ru",
          .titles_i18n = Json{R"({"pl": "Solaris"})"},
          .taglines_i18n = Json{R"({"pl": "Ocean"})"},
          .overviews_i18n = Json{R"({"pl": "Planeta"})"},
          .age_ratings = Json{R"({"DE": "12"})"},
          .external_ratings = Json{R"([{"source": "imdb"}])"},
          .poster_path = "/p.jpg",
          .backdrop_path = "/b.jpg",
          .trailer_url = "https://example.org/t",
          .vote_average = Numeric("8.1"),
          .vote_count = 1500,
          .popularity = Numeric("21.375"),
          .budget = 3'000'000'000,
          .revenue = 4'000'000'000,
          .radarr_id = 17,
          .metadata_updated_at = at("2020-02-03")};
}

void expect_solaris(const movie::Movie& row) {
  EXPECT_EQ(row.tmdb_id, 593);
  EXPECT_EQ(row.imdb_id, "tt0069293");
  EXPECT_EQ(row.original_title, "Solyaris");
  EXPECT_EQ(row.year, 1972);
  EXPECT_EQ(row.release_date, Date::parse("1972-03-20"));
  EXPECT_EQ(row.runtime, 167);
  EXPECT_EQ(row.overview, "A planet");
  EXPECT_EQ(row.tagline, "An ocean");
  EXPECT_EQ(row.status, "Released");
  EXPECT_EQ(row.original_language, "ru");
  EXPECT_EQ(row.titles_i18n, Json{R"({"pl": "Solaris"})"});
  EXPECT_EQ(row.taglines_i18n, Json{R"({"pl": "Ocean"})"});
  EXPECT_EQ(row.overviews_i18n, Json{R"({"pl": "Planeta"})"});
  EXPECT_EQ(row.age_ratings, Json{R"({"DE": "12"})"});
  EXPECT_EQ(row.external_ratings, Json{R"([{"source": "imdb"}])"});
  EXPECT_EQ(row.poster_path, "/p.jpg");
  EXPECT_EQ(row.backdrop_path, "/b.jpg");
  EXPECT_EQ(row.trailer_url, "https://example.org/t");
  EXPECT_EQ(row.vote_average, Numeric("8.1"));
  EXPECT_EQ(row.vote_count, 1500);
  EXPECT_EQ(row.popularity, Numeric("21.375"));
  EXPECT_EQ(row.budget, 3'000'000'000);
  EXPECT_EQ(row.revenue, 4'000'000'000);
  EXPECT_EQ(row.radarr_id, 17);
  EXPECT_EQ(row.metadata_updated_at, at("2020-02-03"));
}

TEST_F(Movies, AreStoredAsGivenAndAddedNow) {
  const auto row = client.create_movie(db, solaris());
  EXPECT_EQ(row.title, "Solaris");
  expect_solaris(row);
  EXPECT_EQ(row.library_added_at, row.created_at);
  EXPECT_EQ(row.updated_at, row.created_at);
  EXPECT_GT(row.created_at, at("2020-01-01"));
  EXPECT_EQ(row.deleted_at, std::nullopt);
  EXPECT_EQ(client.get_movie(db, row.id), row);
}

TEST_F(Movies, AreStoredWithTheGivenNullsNotTheDefaults) {
  const auto bare = client.create_movie(db, {.title = "Bare", .external_ratings = Json{"[]"}});
  EXPECT_EQ(value("select num_nonnulls(tmdb_id, imdb_id, original_title, year, release_date,"
                  " runtime, overview, tagline, status, original_language, titles_i18n,"
                  " taglines_i18n, overviews_i18n, age_ratings, poster_path, backdrop_path,"
                  " trailer_url, vote_average, vote_count, popularity, budget, revenue, radarr_id,"
                  " metadata_updated_at) from movie.movies"),
            "0");
  EXPECT_EQ(bare.titles_i18n, std::nullopt);
  const auto other = client.create_movie(db, {.title = "Bare", .external_ratings = Json{"[]"}});
  EXPECT_NE(other.id, bare.id) << "nothing about a title or a null id is unique";
}

TEST_F(Movies, RoundWhatTheColumnsCannotHold) {
  const auto row = client.create_movie(db, {.title = "x",
                                            .external_ratings = Json{"[]"},
                                            .vote_average = Numeric("7.25"),
                                            .popularity = Numeric("1.00049")});
  EXPECT_EQ(row.vote_average, Numeric("7.3"));
  EXPECT_EQ(row.popularity, Numeric("1.000"));
}

TEST_F(Movies, AreFoundByTheirIdsExactly) {
  add_movies("title, tmdb_id, imdb_id", "(1, 'one', 10, 'tt1'), (2, 'two', 20, 'tt2')");
  EXPECT_EQ(client.get_movie(db, uuid(2))->title, "two");
  EXPECT_EQ(client.get_movie_by_tmdb_id(db, 20)->title, "two");
  EXPECT_EQ(client.get_movie_by_imdb_id(db, "tt1")->title, "one");
  EXPECT_EQ(client.get_movie(db, uuid(3)), std::nullopt);
  EXPECT_EQ(client.get_movie_by_tmdb_id(db, 2), std::nullopt);
  EXPECT_EQ(client.get_movie_by_imdb_id(db, "TT1"), std::nullopt);
}

TEST_F(Movies, SharingARadarrIdAreFoundTheOldestFirst) {
  add_movies("title, radarr_id, created_at, deleted_at",
             "(3, 'later', 7, timestamptz '2020-01-03', null::timestamptz),"
             "(2, 'second', 7, '2020-01-02', null), (1, 'other', 8, '2020-01-01', null),"
             "(4, 'gone', 7, '2020-01-01', now()), (5, 'tied', 7, '2020-01-02', null)");
  EXPECT_EQ(client.get_movie_by_radarr_id(db, 7)->title, "second");
  EXPECT_EQ(client.get_movie_by_radarr_id(db, 9), std::nullopt);
}

TEST_F(Movies, KeepWhatAnUpdateLeavesOut) {
  add_movies(
      "title, created_at, updated_at, tmdb_id, imdb_id, original_title, year, release_date,"
      " runtime, overview, tagline, status, original_language, poster_path, backdrop_path,"
      " trailer_url, vote_average, vote_count, popularity, budget, revenue, radarr_id,"
      " metadata_updated_at",
      "(1, 'old', timestamptz '2020-01-01', timestamptz '2020-01-01', 1, 'tt1', '-', 1,"
      " date '2001-01-01', 1, '-', '-', '-', '-', '-', '-', '-', 1, 1, 1, 1, 1, 1,"
      " timestamptz '2001-01-01'), (2, 'other', '2020-01-01', '2020-01-01', 2, null, null,"
      " null, null, null, null, null, null, null, null, null, null, null, null, null,"
      " null, null, null, null)");
  const auto all = solaris();
  const auto full = client.update_movie(db, {.tmdb_id = all.tmdb_id,
                                             .imdb_id = all.imdb_id,
                                             .original_title = all.original_title,
                                             .year = all.year,
                                             .release_date = all.release_date,
                                             .runtime = all.runtime,
                                             .overview = all.overview,
                                             .tagline = all.tagline,
                                             .status = all.status,
                                             .original_language = all.original_language,
                                             .titles_i18n = all.titles_i18n,
                                             .taglines_i18n = all.taglines_i18n,
                                             .overviews_i18n = all.overviews_i18n,
                                             .age_ratings = all.age_ratings,
                                             .external_ratings = all.external_ratings,
                                             .poster_path = all.poster_path,
                                             .backdrop_path = all.backdrop_path,
                                             .trailer_url = all.trailer_url,
                                             .vote_average = all.vote_average,
                                             .vote_count = all.vote_count,
                                             .popularity = all.popularity,
                                             .budget = all.budget,
                                             .revenue = all.revenue,
                                             .radarr_id = all.radarr_id,
                                             .metadata_updated_at = all.metadata_updated_at,
                                             .id = uuid(1)});
  ASSERT_TRUE(full);
  EXPECT_EQ(full->title, "old");
  expect_solaris(*full);
  EXPECT_EQ(full->created_at, at("2020-01-01"));
  EXPECT_GT(full->updated_at, at("2020-01-01"));

  const auto renamed = client.update_movie(db, {.title = "new", .id = uuid(1)});
  EXPECT_EQ(renamed->title, "new");
  expect_solaris(*renamed);
  EXPECT_EQ(client.get_movie(db, uuid(1)), renamed);
  EXPECT_EQ(client.get_movie(db, uuid(2))->title, "other");
  EXPECT_EQ(client.get_movie(db, uuid(2))->updated_at, at("2020-01-01"));
  EXPECT_THROW(client.update_movie(db, {.tmdb_id = 593, .id = uuid(2)}), UniqueViolation);
}

TEST_F(Movies, ChangeOnlyWhileTheyLive) {
  add_movies("title, deleted_at", "(1, 'gone', timestamptz '2020-01-01')");
  EXPECT_EQ(client.update_movie(db, {.title = "new", .id = uuid(1)}), std::nullopt);
  EXPECT_EQ(client.update_movie(db, {.title = "new", .id = uuid(2)}), std::nullopt);
  EXPECT_EQ(value("select string_agg(title, ',') from movie.movies"), "gone");
}

TEST_F(Movies, AreGoneForLookupsOnceDeletedAndGiveTheirIdsUp) {
  const auto row = client.create_movie(db, solaris());
  const auto other = client.create_movie(db, {.title = "other", .external_ratings = Json{"[]"}});
  client.delete_movie(db, row.id);
  EXPECT_EQ(client.get_movie(db, row.id), std::nullopt);
  EXPECT_EQ(client.get_movie_by_tmdb_id(db, 593), std::nullopt);
  EXPECT_EQ(client.get_movie_by_imdb_id(db, "tt0069293"), std::nullopt);
  EXPECT_EQ(client.get_movie_by_radarr_id(db, 17), std::nullopt);
  EXPECT_EQ(client.get_movie(db, other.id), other);
  const auto again = client.create_movie(db, {.tmdb_id = 593, .title = "again"});
  EXPECT_EQ(client.get_movie_by_tmdb_id(db, 593), again);
  EXPECT_EQ(
      value(
          "select imdb_id || coalesce(tmdb_id, 0) from movie.movies where deleted_at is not null"),
      "tt00692930")
      << "only what the new one needs";
  client.create_movie(db, {.imdb_id = "tt0069293", .title = "and again"});
  EXPECT_THROW(client.create_movie(db, {.tmdb_id = 593, .title = "live"}), UniqueViolation);
  EXPECT_THROW(client.create_movie(db, {.imdb_id = "tt0069293", .title = "live"}), UniqueViolation);
}

TEST_F(Movies, AreDeletedAnewByASecondDeletionAndKeepWhatIsTheirs) {
  add_movies("title, deleted_at", "(1, 'gone', timestamptz '2020-01-01')");
  const Uuid user = add_user("ann");
  client.create_movie_file(db, {.movie_id = uuid(1), .file_path = "/a", .file_name = "a"});
  client.add_movie_genre(db, {.movie_id = uuid(1), .slug = "drama", .name = "Drama"});
  client.create_or_update_watch_progress(db, {.user_id = user, .movie_id = uuid(1)});
  client.delete_movie(db, uuid(1));
  EXPECT_EQ(value("select deleted_at > '2020-01-02' from movie.movies"), "t");
  EXPECT_EQ(value("select updated_at = deleted_at from movie.movies"), "t");
  EXPECT_EQ(client.list_movie_files_by_movie_id(db, uuid(1)).size(), 1U);
  EXPECT_EQ(client.list_movie_genres(db, uuid(1)).size(), 1U);
  EXPECT_TRUE(client.get_watch_progress(db, {.user_id = user, .movie_id = uuid(1)}));
}

}  // namespace
}  // namespace qm::test
