// Networks, and which series they show.
#include "tvshow_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Five series and four networks; the networks 2 and 3 have the same name. The second series is on
// all of them, the fifth on none.
class Networks : public TvshowClient {
 protected:
  Networks() {
    add_series(5);
    run("insert into tvshow.networks (id, tmdb_id, name) "
        "select ('00000000-0000-0000-0000-00000000002' || n)::uuid, tmdb_id, name "
        "from (values (4, 40, 'Arte'), (3, 30, 'HBO'), (2, null, 'HBO'), (1, 10, 'ZDF'))"
        " as v (n, tmdb_id, name); "
        "insert into tvshow.series_networks (series_id, network_id) "
        "select series.id, networks.id from tvshow.series, tvshow.networks "
        "where title = 'series 2' or (title < 'series 5' and name = 'ZDF')");
  }
  std::vector<int> networks_of(std::uint8_t series) {
    return numbers(client.list_networks_by_series(db, uuid(series)));
  }
};

TEST_F(Networks, AreCreatedAsGiven) {
  const auto made = client.create_network(
      db, {.tmdb_id = 7, .name = "BBC", .logo_path = "/bbc.png", .origin_country = "GB"});
  EXPECT_EQ(made.tmdb_id, 7);
  EXPECT_EQ(made.name, "BBC");
  EXPECT_EQ(made.logo_path, "/bbc.png");
  EXPECT_EQ(made.origin_country, "GB");
  EXPECT_EQ(client.get_network(db, made.id), made);
  EXPECT_EQ(client.get_network_by_tmdb_id(db, 7), made);
  EXPECT_FALSE(client.get_network(db, uuid(99)));
  EXPECT_FALSE(client.get_network_by_tmdb_id(db, 8));
}

TEST_F(Networks, AreDescribedAnewUnderTheirTMDbId) {
  const auto made = client.create_network(
      db, {.tmdb_id = 7, .name = "BBC", .logo_path = "/bbc.png", .origin_country = "GB"});
  const auto again = client.create_network(db, {.tmdb_id = 7, .name = "BBC One"});
  EXPECT_EQ(again.id, made.id);
  EXPECT_EQ(again.created_at, made.created_at);
  EXPECT_EQ(again.name, "BBC One");
  EXPECT_EQ(again.logo_path, std::nullopt) << "null replaces too";
  EXPECT_EQ(again.origin_country, std::nullopt);
  EXPECT_EQ(value("select count(*) from tvshow.networks"), "5");
}

TEST_F(Networks, AreOneMoreEachTimeWithoutATMDbId) {
  const auto one = client.create_network(db, {.name = "local"});
  const auto two = client.create_network(db, {.name = "local"});
  EXPECT_NE(one.id, two.id);
  EXPECT_EQ(one.tmdb_id, std::nullopt);
  EXPECT_EQ(value("select count(*) from tvshow.networks where name = 'local'"), "2");
}

TEST_F(Networks, OfASeriesAreListedByName) {
  const auto all = client.list_networks_by_series(db, uuid(2));
  EXPECT_THAT(numbers(all), ElementsAre(0x24, 0x22, 0x23, 0x21)) << "by id where names are equal";
  EXPECT_EQ(all.at(0), client.get_network_by_tmdb_id(db, 40));
  EXPECT_THAT(networks_of(1), ElementsAre(0x21));
  EXPECT_THAT(networks_of(5), IsEmpty());
}

TEST_F(Networks, AreGivenToASeriesOnce) {
  client.add_series_network(db, {.series_id = uuid(5), .network_id = uuid(0x23)});
  client.add_series_network(db, {.series_id = uuid(5), .network_id = uuid(0x23)});
  client.add_series_network(db, {.series_id = uuid(5), .network_id = uuid(0x24)});
  EXPECT_THAT(networks_of(5), ElementsAre(0x24, 0x23));
  EXPECT_THROW(client.add_series_network(db, {.series_id = uuid(5), .network_id = uuid(9)}),
               ForeignKeyViolation);
}

TEST_F(Networks, AreTakenFromOneSeries) {
  client.delete_series_networks(db, uuid(2));
  EXPECT_THAT(networks_of(2), IsEmpty());
  EXPECT_THAT(networks_of(1), ElementsAre(0x21));
  EXPECT_EQ(value("select count(*) from tvshow.networks"), "4") << "the networks stay";
}

TEST_F(Networks, ListTheirSeriesByFirstAirDate) {
  run("update tvshow.series set first_air_date = d "
      "from (values (1, null), (2, date '2020-01-01'), (3, '2024-01-01'), (4, '2020-01-01'))"
      " as v (s, d) where title = 'series ' || s");
  const auto page = [&](std::uint8_t network, std::int64_t limit, std::int64_t offset) {
    return numbers(client.list_series_by_network(
        db, {.network_id = uuid(network), .limit = limit, .offset = offset}));
  };
  EXPECT_THAT(page(0x21, 10, 0), ElementsAre(3, 2, 4, 1)) << "unknown last";
  EXPECT_THAT(page(0x21, 2, 1), ElementsAre(2, 4));
  EXPECT_THAT(page(0x22, 10, 0), ElementsAre(2));
  EXPECT_THAT(page(0x29, 10, 0), IsEmpty());
}

}  // namespace
}  // namespace qm::test
