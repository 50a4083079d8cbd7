// The queries of expeditions and their files.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

using Expeditions = Qar;

TEST_F(Expeditions, AreCreatedAndFound) {
  const auto made = client.create_expedition(db, {.fleet_id = fleet(),
                                                  .port_id = port("p"),
                                                  .title = "t",
                                                  .sort_title = "s",
                                                  .original_title = "o",
                                                  .overview = "v",
                                                  .launch_date = day("2020-01-02"),
                                                  .distance = 90,
                                                  .director = "d",
                                                  .cover_path = "p",
                                                  .charter = "c",
                                                  .registry = "r",
                                                  .whisparr_id = 7});
  EXPECT_EQ(client.get_expedition(db, made.id), made);
  EXPECT_EQ(client.get_expedition_by_charter(db, "c"), made);
  EXPECT_EQ(made.whisparr_id, 7);
  EXPECT_EQ(made.deleted_at, std::nullopt);
  EXPECT_THROW(
      client.create_expedition(db, {.fleet_id = made.fleet_id, .title = "t", .charter = "c"}),
      UniqueViolation);
  EXPECT_THROW(
      client.create_expedition(db, {.fleet_id = made.fleet_id, .title = "t", .whisparr_id = 7}),
      UniqueViolation);
  EXPECT_THROW(client.create_expedition(db, {.fleet_id = Uuid{}, .title = "t"}),
               ForeignKeyViolation);
}

TEST_F(Expeditions, DeletedOnesAreGoneFromEverywhereAndFreeTheirCharter) {
  const Uuid in = fleet();
  const Uuid who = crew("who");
  const auto made =
      client.create_expedition(db, {.fleet_id = in, .title = "Journey", .charter = "c"});
  client.set_expedition_crew(db, {.expedition_id = made.id, .crew_id = who});
  EXPECT_EQ(client.delete_expedition(db, made.id), 1);
  EXPECT_EQ(client.delete_expedition(db, made.id), 0);
  EXPECT_EQ(client.get_expedition(db, made.id), std::nullopt);
  EXPECT_EQ(client.get_expedition_by_charter(db, "c"), std::nullopt);
  EXPECT_TRUE(client.list_expeditions(db, {.limit = all, .offset = 0}).empty());
  EXPECT_TRUE(client.search_expeditions(db, {.query = "Journey", .limit = 9, .offset = 0}).empty());
  EXPECT_TRUE(
      client.list_expeditions_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0}).empty());
  EXPECT_EQ(client.count_expeditions(db, {}), 0);
  EXPECT_EQ(client.update_expedition(db, {.id = made.id, .title = "x"}), std::nullopt);
  EXPECT_NO_THROW(client.create_expedition(db, {.fleet_id = in, .title = "Next", .charter = "c"}));
}

TEST_F(Expeditions, AreListedLatestFirstByFleetAndPort) {
  const Uuid one = fleet("one");
  const Uuid two = fleet("two");
  const Uuid from = port("p");
  const auto tied =
      sorted({expedition(one, "x", day("2020-01-01")), expedition(one, "y", day("2020-01-01"))});
  const Uuid undated = expedition(one, "undated");
  const Uuid late = expedition(two, "late", day("2022-01-01"));
  const Uuid of_port =
      client
          .create_expedition(
              db,
              {.fleet_id = one, .port_id = from, .title = "p", .launch_date = day("2021-01-01")})
          .id;
  EXPECT_EQ(ids(client.list_expeditions(db, {.limit = all, .offset = 0})),
            (std::vector{late, of_port, tied[0], tied[1], undated}));
  EXPECT_EQ(ids(client.list_expeditions(db, {.fleet_id = one, .limit = 2, .offset = 1})),
            (std::vector{tied[0], tied[1]}));
  EXPECT_EQ(ids(client.list_expeditions(db, {.port_id = from, .limit = all, .offset = 0})),
            (std::vector{of_port}));
  EXPECT_TRUE(
      client.list_expeditions(db, {.fleet_id = two, .port_id = from, .limit = 9, .offset = 0})
          .empty());
  EXPECT_EQ(client.count_expeditions(db, {}), 5);
  EXPECT_EQ(client.count_expeditions(db, {.fleet_id = one}), 4);
  EXPECT_EQ(client.count_expeditions(db, {.fleet_id = one, .port_id = from}), 1);
}

TEST_F(Expeditions, AreFoundByResemblance) {
  const Uuid in = fleet();
  for (const char* title : {"The Long Journey Home", "The Long Journey", "Elsewhere"})
    expedition(in, title);
  EXPECT_EQ(
      titles(client.search_expeditions(db, {.query = "the long journey", .limit = 9, .offset = 0})),
      (Texts{"The Long Journey", "The Long Journey Home"}));
  EXPECT_EQ(
      titles(client.search_expeditions(db, {.query = "the long journey", .limit = 9, .offset = 1})),
      (Texts{"The Long Journey Home"}));
}

TEST_F(Expeditions, OfACrewRowComeLatestFirst) {
  const Uuid in = fleet();
  const Uuid who = crew("who");
  const Uuid undated = expedition(in, "undated");
  const Uuid early = expedition(in, "early", day("2020-01-01"));
  const Uuid late = expedition(in, "late", day("2021-01-01"));
  expedition(in, "of nobody", day("2022-01-01"));
  for (const Uuid& id : {undated, early, late})
    client.set_expedition_crew(db, {.expedition_id = id, .crew_id = who});
  EXPECT_EQ(ids(client.list_expeditions_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0})),
            (std::vector{late, early, undated}));
  EXPECT_EQ(ids(client.list_expeditions_by_crew(db, {.crew_id = who, .limit = 1, .offset = 1})),
            (std::vector{early}));
}

TEST_F(Expeditions, AreChangedByWhatIsGiven) {
  const Uuid in = fleet();
  const Uuid from = port("p");
  const Uuid id = expedition(in, "old");
  client.update_expedition(db, {.id = id,
                                .port_id = from,
                                .sort_title = "s",
                                .original_title = "o",
                                .overview = "v",
                                .launch_date = day("2020-01-02"),
                                .distance = 90,
                                .director = "d",
                                .cover_path = "p",
                                .charter = "c",
                                .registry = "r",
                                .whisparr_id = 7});
  const auto row = client.update_expedition(db, {.id = id, .title = "new"});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->title, "new");
  EXPECT_EQ(row->fleet_id, in);
  EXPECT_EQ(row->port_id, from);
  EXPECT_EQ(row->sort_title, "s");
  EXPECT_EQ(row->original_title, "o");
  EXPECT_EQ(row->overview, "v");
  EXPECT_EQ(row->launch_date, day("2020-01-02"));
  EXPECT_EQ(row->distance, 90);
  EXPECT_EQ(row->director, "d");
  EXPECT_EQ(row->cover_path, "p");
  EXPECT_EQ(row->charter, "c");
  EXPECT_EQ(row->registry, "r");
  EXPECT_EQ(row->whisparr_id, 7);
  EXPECT_GT(row->updated_at, row->created_at);
}

TEST_F(Expeditions, AFileOfAKnownPathMovesWithAllItsValues) {
  const Uuid in = fleet();
  const Uuid one = expedition(in, "one");
  const Uuid two = expedition(in, "two");
  const auto made = client.upsert_expedition_file(db, {.expedition_id = one,
                                                       .file_path = "/b",
                                                       .file_size = 5'000'000'000,
                                                       .container = "mkv",
                                                       .video_codec = "hevc",
                                                       .audio_codec = "aac",
                                                       .resolution = "1080p",
                                                       .duration_seconds = 60,
                                                       .bitrate_kbps = 100});
  EXPECT_EQ(made.file_size, 5'000'000'000);
  EXPECT_EQ(made.container, "mkv");
  client.upsert_expedition_file(db, {.expedition_id = one, .file_path = "/a", .file_size = 1});
  auto files = client.list_expedition_files(db, one);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].file_path, "/a");
  EXPECT_EQ(files[1], made);

  const auto moved = client.upsert_expedition_file(
      db, {.expedition_id = two, .file_path = "/b", .file_size = 2, .video_codec = "av1"});
  EXPECT_EQ(moved.id, made.id);
  EXPECT_EQ(moved.expedition_id, two);
  EXPECT_EQ(moved.video_codec, "av1");
  EXPECT_EQ(moved.container, std::nullopt) << "null replaces, too";
  EXPECT_EQ(moved.bitrate_kbps, std::nullopt);
  EXPECT_GT(moved.updated_at, moved.created_at);
  EXPECT_EQ(client.list_expedition_files(db, one).size(), 1U);
}

}  // namespace
}  // namespace qm::test
