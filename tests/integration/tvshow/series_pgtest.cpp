// Series: lookups, sorted lists, lists by status and counts.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Four series; 3 and 4 are of the same instant, 2 and 4 have the same title, 1 and 3 the same first
// air date, and 2 has none.
class SeriesLists : public TvshowClient {
 protected:
  SeriesLists() {
    run("insert into tvshow.series (id, title, first_air_date, created_at, status, tmdb_id,"
        " tvdb_id, sonarr_id) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, title, aired::date,"
        " day::timestamptz, status, n + 100, n + 200, sonarr "
        "from (values (4, 'a', '2010-01-01', '2026-01-03', 'Ended', 8),"
        " (3, 'c', '2020-01-01', '2026-01-03', 'ended', 8), (2, 'a', null, '2026-01-02', 'ended',"
        " 9), (1, 'b', '2020-01-01', '2026-01-01', 'ended', 9))"
        " as v (n, title, aired, day, status, sonarr)");
  }
  std::vector<int> sorted(std::string_view by, std::string_view order, std::int64_t limit = 10,
                          std::int64_t offset = 0) {
    return numbers(client.list_series(
        db, {.limit = limit, .offset = offset, .sort_by = by, .sort_order = order}));
  }
};

TEST_F(SeriesLists, AreSortedByTitle) {
  EXPECT_THAT(sorted("title", "asc"), ElementsAre(4, 2, 1, 3)) << "equals: latest addition first";
  EXPECT_THAT(sorted("title", "desc"), ElementsAre(3, 1, 4, 2));
}

TEST_F(SeriesLists, AreSortedByFirstAirDate) {
  EXPECT_THAT(sorted("first_air_date", "asc"), ElementsAre(4, 3, 1, 2)) << "without one last";
  EXPECT_THAT(sorted("first_air_date", "desc"), ElementsAre(2, 3, 1, 4)) << "without one first";
}

TEST_F(SeriesLists, AreSortedByAddition) {
  EXPECT_THAT(sorted("created_at", "asc"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(sorted("created_at", "desc"), ElementsAre(3, 4, 2, 1)) << "equals by id";
}

TEST_F(SeriesLists, AreLatestAdditionsFirstForAnythingElse) {
  for (const auto& [by, order] : {std::pair("", ""),
                                  {"title", ""},
                                  {"title", "ASC"},
                                  {"", "asc"},
                                  {"Title", "asc"},
                                  {"popularity", "asc"}}) {
    SCOPED_TRACE(std::string(by) + " " + order);
    EXPECT_THAT(sorted(by, order), ElementsAre(3, 4, 2, 1));
  }
}

TEST_F(SeriesLists, ComeInPages) {
  EXPECT_THAT(sorted("title", "asc", 2, 1), ElementsAre(2, 1));
  EXPECT_THAT(sorted("title", "asc", 2, 3), ElementsAre(3));
  EXPECT_THAT(sorted("title", "asc", 2, 4), IsEmpty());
  EXPECT_THAT(sorted("title", "asc", 0), IsEmpty());
}

TEST_F(SeriesLists, AreCounted) {
  EXPECT_EQ(client.count_series(db), 4);
  run("delete from tvshow.series");
  EXPECT_EQ(client.count_series(db), 0);
}

TEST_F(SeriesLists, OfRecentAdditionsAreLatestFirst) {
  const auto page = [&](std::int64_t limit, std::int64_t offset) {
    return numbers(client.list_recently_added_series(db, {.limit = limit, .offset = offset}));
  };
  EXPECT_THAT(page(10, 0), ElementsAre(3, 4, 2, 1));
  EXPECT_THAT(page(2, 1), ElementsAre(4, 2));
  EXPECT_THAT(page(2, 4), IsEmpty());
}

TEST_F(SeriesLists, OfAStatusAreLatestOnAirFirst) {
  const auto page = [&](std::string_view status, std::int64_t limit, std::int64_t offset) {
    return numbers(
        client.list_series_by_status(db, {.status = status, .limit = limit, .offset = offset}));
  };
  EXPECT_THAT(page("ended", 10, 0), ElementsAre(2, 1, 3)) << "without a date first, equals by id";
  EXPECT_THAT(page("ended", 1, 1), ElementsAre(1));
  EXPECT_THAT(page("Ended", 10, 0), ElementsAre(4)) << "upper case counts";
  EXPECT_THAT(page("end%", 10, 0), IsEmpty());
}

TEST_F(SeriesLists, HoldWhatIsFoundById) {
  EXPECT_EQ(client.get_series(db, uuid(1))->title, "b");
  EXPECT_FALSE(client.get_series(db, uuid(5)));
  EXPECT_EQ(client.get_series_by_tmdb_id(db, 102)->id, uuid(2));
  EXPECT_FALSE(client.get_series_by_tmdb_id(db, 202));
  EXPECT_EQ(client.get_series_by_tvdb_id(db, 203)->id, uuid(3));
  EXPECT_FALSE(client.get_series_by_tvdb_id(db, 103));
  EXPECT_EQ(client.get_series_by_sonarr_id(db, 9)->id, uuid(1)) << "the one stored first";
  EXPECT_EQ(client.get_series_by_sonarr_id(db, 8)->id, uuid(3)) << "by id among equals";
  EXPECT_FALSE(client.get_series_by_sonarr_id(db, 7));
}

}  // namespace
}  // namespace qm::test
