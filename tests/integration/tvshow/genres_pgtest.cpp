// The genres of series: giving and taking them, and what is listed by them.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Five series, the last of them without a genre; the ids of genres end in their number.
class SeriesGenres : public TvshowClient {
 protected:
  SeriesGenres() {
    add_series(5);
    run("insert into tvshow.series_genres (id, series_id, slug, name) "
        "select ('00000000-0000-0000-0000-00000000000' || g)::uuid, series.id, slug, name "
        "from (values (1, 1, 'drama', 'Drama'), (2, 1, 'crime', 'Crime'), (3, 2, 'drama', 'Drama'),"
        " (4, 3, 'war', 'War'), (6, 4, 'drama', 'Drame'), (5, 4, 'drame', 'Drame'))"
        " as v (g, s, slug, name) join tvshow.series on title = 'series ' || s"
        " order by g desc");
  }
  std::vector<std::string> names_of(int series) {
    return each(client.list_series_genres(db, uuid(std::uint8_t(series))),
                &tvshow::SeriesGenre::name);
  }
};

TEST_F(SeriesGenres, AreListedByName) {
  const auto genres = client.list_series_genres(db, uuid(1));
  EXPECT_THAT(numbers(genres), ElementsAre(2, 1));
  EXPECT_EQ(genres.at(0).slug, "crime");
  EXPECT_EQ(genres.at(0).name, "Crime");
  EXPECT_EQ(genres.at(0).series_id, uuid(1));
  EXPECT_THAT(numbers(client.list_series_genres(db, uuid(4))), ElementsAre(5, 6))
      << "by id where names are equal";
  EXPECT_THAT(client.list_series_genres(db, uuid(5)), IsEmpty());
}

TEST_F(SeriesGenres, AreCountedBySlugAndName) {
  std::vector<std::string> found;
  for (const auto& genre : client.list_distinct_series_genres(db))
    found.push_back(genre.slug + " " + genre.name + " " + std::to_string(genre.item_count));
  EXPECT_THAT(found, ElementsAre("crime Crime 1", "drama Drama 2", "drama Drame 1", "drame Drame 1",
                                 "war War 1"));
  run("delete from tvshow.series_genres");
  EXPECT_THAT(client.list_distinct_series_genres(db), IsEmpty());
}

TEST_F(SeriesGenres, AreGivenOnce) {
  client.add_series_genre(db, {.series_id = uuid(5), .slug = "war", .name = "War"});
  client.add_series_genre(db, {.series_id = uuid(5), .slug = "war", .name = "Guerre"});
  EXPECT_THAT(names_of(5), ElementsAre("War")) << "the name stored first stays";
  client.add_series_genre(db, {.series_id = uuid(5), .slug = "history", .name = "History"});
  EXPECT_THAT(names_of(5), ElementsAre("History", "War"));
  EXPECT_THROW(client.add_series_genre(db, {.series_id = uuid(9), .slug = "war", .name = "War"}),
               ForeignKeyViolation);
}

TEST_F(SeriesGenres, AreTakenFromOneSeries) {
  client.delete_series_genres(db, uuid(1));
  EXPECT_THAT(names_of(1), IsEmpty());
  EXPECT_THAT(names_of(2), ElementsAre("Drama"));
  client.add_series_genre(db, {.series_id = uuid(1), .slug = "drama", .name = "Drame"});
  EXPECT_THAT(names_of(1), ElementsAre("Drame"));
}

TEST_F(SeriesGenres, ListSeriesByPopularity) {
  run("insert into tvshow.series_genres (series_id, slug, name) "
      "select id, 'new', 'New' from tvshow.series; "
      "update tvshow.series set popularity = p "
      "from (values (1, null), (2, 7.5), (3, 80.125), (4, null), (5, 7.5)) as v (s, p) "
      "where title = 'series ' || s");
  const auto page = [&](std::string_view slug, std::int64_t limit, std::int64_t offset) {
    return numbers(
        client.list_series_by_genre(db, {.slug = slug, .limit = limit, .offset = offset}));
  };
  EXPECT_THAT(page("new", 10, 0), ElementsAre(3, 2, 5, 1, 4)) << "unknown popularity last";
  EXPECT_THAT(page("new", 2, 1), ElementsAre(2, 5));
  EXPECT_THAT(page("new", 10, 5), IsEmpty());
  EXPECT_THAT(page("drama", 10, 0), ElementsAre(2, 1, 4)) << "by slug, whatever the name";
  EXPECT_THAT(page("Drama", 10, 0), IsEmpty());
}

}  // namespace
}  // namespace qm::test
