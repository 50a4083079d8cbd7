// The queries of treasures, with images and links.
#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Treasures : public Qar {
 protected:
  Uuid in = fleet("galleries", "treasure");

  std::int64_t image(Executor& on, const Uuid& of, std::string_view path, std::int32_t position,
                     std::optional<std::int64_t> size = {}) {
    const qar::AddTreasureImagesParams row{.treasure_id = of,
                                           .file_path = path,
                                           .filename = path,
                                           .position = position,
                                           .file_size_bytes = size};
    return client.add_treasure_images(on, {&row, 1});
  }
};

TEST_F(Treasures, AreCreatedEmptyAndFound) {
  const auto made = client.create_treasure(db, {.fleet_id = in,
                                                .title = "t",
                                                .description = "d",
                                                .folder_path = "/g",
                                                .cover_image_path = "c",
                                                .cover_blurhash = "b",
                                                .date_captured = TimestampTz(1),
                                                .photographer = "p"});
  EXPECT_EQ(made.image_count, 0);
  EXPECT_EQ(made.total_size_bytes, 0);
  EXPECT_EQ(made.date_captured, TimestampTz(1));
  EXPECT_EQ(client.get_treasure(db, made.id), made);
  EXPECT_EQ(client.get_treasure_by_path(db, "/g"), made);
  EXPECT_EQ(client.get_treasure_by_path(db, "/G"), std::nullopt);
  EXPECT_THROW(client.create_treasure(db, {.fleet_id = in, .title = "u", .folder_path = "/g"}),
               UniqueViolation);
}

TEST_F(Treasures, DeletedOnesAreGoneFromEverywhereAndFreeTheirFolder) {
  const Uuid id = treasure(in, "Gallery");
  const Uuid who = crew("who");
  client.link_treasure_crew(db, {.treasure_id = id, .crew_id = who});
  EXPECT_EQ(client.delete_treasure(db, id), 1);
  EXPECT_EQ(client.delete_treasure(db, id), 0);
  EXPECT_EQ(client.get_treasure(db, id), std::nullopt);
  EXPECT_EQ(client.get_treasure_by_path(db, "/g/Gallery"), std::nullopt);
  EXPECT_TRUE(client.list_treasures(db, {.limit = all, .offset = 0}).empty());
  EXPECT_EQ(client.count_treasures(db, std::nullopt), 0);
  EXPECT_TRUE(client.search_treasures(db, {.query = "Gallery", .limit = 9, .offset = 0}).empty());
  EXPECT_TRUE(client.list_treasures_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0}).empty());
  EXPECT_EQ(client.update_treasure(db, {.id = id, .title = "x"}), std::nullopt);
  EXPECT_NO_THROW(treasure(in, "Gallery"));
}

TEST_F(Treasures, AreListedNewestFirst) {
  const Uuid other = fleet("other", "treasure");
  const Uuid a = treasure(in, "a");
  const Uuid b = treasure(other, "b");
  const auto tied = sorted({treasure(in, "c"), treasure(in, "d")});
  const Uuid who = crew("who");
  for (const Uuid& id : {a, b, tied[0], tied[1]})
    EXPECT_EQ(client.link_treasure_crew(db, {.treasure_id = id, .crew_id = who}), 1);
  sql("update qar.treasures set created_at = '2024-01-01'::date + least(ascii(title), "
      "ascii('c'))");
  EXPECT_EQ(ids(client.list_treasures(db, {.limit = all, .offset = 0})),
            (std::vector{tied[0], tied[1], b, a}));
  EXPECT_EQ(ids(client.list_treasures(db, {.fleet_id = in, .limit = 2, .offset = 1})),
            (std::vector{tied[1], a}));
  EXPECT_EQ(client.count_treasures(db, std::nullopt), 4);
  EXPECT_EQ(client.count_treasures(db, in), 3);

  EXPECT_EQ(ids(client.list_treasures_by_crew(db, {.crew_id = who, .limit = all, .offset = 0})),
            (std::vector{tied[0], tied[1], b, a}));
  EXPECT_EQ(client.link_treasure_crew(db, {.treasure_id = b, .crew_id = who}), 0);
  EXPECT_EQ(client.unlink_treasure_crew(db, {.treasure_id = b, .crew_id = crew("x")}), 0);
  EXPECT_EQ(client.unlink_treasure_crew(db, {.treasure_id = b, .crew_id = who}), 1);
  EXPECT_EQ(client.unlink_treasure_crew(db, {.treasure_id = b, .crew_id = who}), 0);
  EXPECT_EQ(ids(client.list_treasures_by_crew(db, {.crew_id = who, .limit = 1, .offset = 2})),
            (std::vector{a}));
}

TEST_F(Treasures, AreFoundByResemblance) {
  for (const char* title : {"Summer Days Again", "Summer Days", "Winter"})
    treasure(in, title);
  EXPECT_EQ(titles(client.search_treasures(db, {.query = "summer days", .limit = 9, .offset = 0})),
            (Texts{"Summer Days", "Summer Days Again"}));
  EXPECT_EQ(titles(client.search_treasures(db, {.query = "summer days", .limit = 9, .offset = 1})),
            (Texts{"Summer Days Again"}));
}

TEST_F(Treasures, AreChangedByWhatIsGiven) {
  const Uuid id = treasure(in, "old");
  client.update_treasure(db, {.id = id,
                              .description = "d",
                              .cover_image_path = "c",
                              .cover_blurhash = "b",
                              .date_captured = TimestampTz(1),
                              .photographer = "p"});
  const auto row = client.update_treasure(db, {.id = id, .title = "new"});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->title, "new");
  EXPECT_EQ(row->description, "d");
  EXPECT_EQ(row->cover_image_path, "c");
  EXPECT_EQ(row->cover_blurhash, "b");
  EXPECT_EQ(row->date_captured, TimestampTz(1));
  EXPECT_EQ(row->photographer, "p");
  EXPECT_GT(row->updated_at, row->created_at);
}

TEST_F(Treasures, HaveImagesInTheirOrder) {
  const Uuid id = treasure(in, "t");
  const std::vector<qar::AddTreasureImagesParams> images{
      {.treasure_id = id,
       .file_path = "/2",
       .filename = "2",
       .position = 2,
       .width = 800,
       .height = 600,
       .file_size_bytes = 2048,
       .mime_type = "image/jpeg",
       .blurhash = "b",
       .exif_data = Json{"{\"iso\": 100}"},
       .date_taken = TimestampTz(1)},
      {.treasure_id = id, .file_path = "/1", .filename = "1", .position = 1},
      {.treasure_id = id, .file_path = "/3", .filename = "3", .position = 3}};
  EXPECT_EQ(client.add_treasure_images(db, images), 3);
  const auto page = client.list_treasure_images(db, {.treasure_id = id, .limit = 2, .offset = 0});
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].file_path, "/1");
  EXPECT_EQ(page[0].exif_data, std::nullopt);
  EXPECT_EQ(page[1].width, 800);
  EXPECT_EQ(page[1].height, 600);
  EXPECT_EQ(page[1].file_size_bytes, 2048);
  EXPECT_EQ(page[1].mime_type, "image/jpeg");
  EXPECT_EQ(page[1].exif_data, Json{"{\"iso\": 100}"});
  EXPECT_EQ(page[1].date_taken, TimestampTz(1));
  EXPECT_EQ(client.list_treasure_images(db, {.treasure_id = id, .limit = 9, .offset = 2}).size(),
            1U);
}

TEST_F(Treasures, ADuplicateImageRejectsAllThatCameWithIt) {
  const Uuid id = treasure(in, "t");
  image(db, id, "/1", 1);
  for (const auto& [path, position] : {std::pair("/1", 3), std::pair("/3", 1)}) {
    auto connection = db.acquire();
    Transaction transaction(*connection);
    image(transaction, id, "/2", 2);
    EXPECT_THROW(image(transaction, id, path, position), UniqueViolation);
  }
  EXPECT_EQ(client.list_treasure_images(db, {.treasure_id = id, .limit = 9, .offset = 0}).size(),
            1U);
}

TEST_F(Treasures, CountTheirImagesAnew) {
  const Uuid id = treasure(in, "t");
  image(db, id, "/1", 1, 5'000'000'000);
  image(db, id, "/2", 2, 1);
  image(db, id, "/3", 3);
  EXPECT_EQ(client.get_treasure(db, id)->image_count, 0) << "only when asked to";
  EXPECT_EQ(client.refresh_treasure_totals(db, id), 1);
  EXPECT_EQ(client.get_treasure(db, id)->image_count, 3);
  EXPECT_EQ(client.get_treasure(db, id)->total_size_bytes, 5'000'000'001);

  EXPECT_EQ(client.delete_treasure_images(db, id), 3);
  EXPECT_EQ(client.delete_treasure_images(db, id), 0);
  EXPECT_EQ(client.refresh_treasure_totals(db, id), 1);
  EXPECT_EQ(client.get_treasure(db, id)->image_count, 0);
  EXPECT_EQ(client.get_treasure(db, id)->total_size_bytes, 0);
  EXPECT_EQ(client.refresh_treasure_totals(db, Uuid{}), 0);
}

TEST_F(Treasures, AreLinkedOnceToPortsAndFlags) {
  const Uuid id = treasure(in, "t");
  const Uuid from = port("p");
  const Uuid what = flag("f");
  EXPECT_EQ(client.link_treasure_port(db, {.treasure_id = id, .port_id = from}), 1);
  EXPECT_EQ(client.link_treasure_port(db, {.treasure_id = id, .port_id = from}), 0);
  EXPECT_EQ(client.add_treasure_flag(db, {.treasure_id = id, .flag_id = what}), 1);
  EXPECT_EQ(client.add_treasure_flag(db, {.treasure_id = id, .flag_id = what}), 0);
  EXPECT_THROW(client.add_treasure_flag(db, {.treasure_id = id, .flag_id = from}),
               ForeignKeyViolation);
  client.delete_port(db, from);
  EXPECT_EQ(ask("select count(*) from qar.treasure_ports"), "0");
}

}  // namespace
}  // namespace qm::test
