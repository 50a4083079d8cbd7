// Libraries: what they are made with, how they are listed and changed, what goes with them.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::Library;
using testing::ElementsAre;
using testing::IsEmpty;

// 1 and 4 have the same name, 4 being the older one; 3 is out of use.
class Libraries : public SharedClient {
 protected:
  Libraries() {
    run("insert into public.libraries (id, name, type, paths, enabled, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, name, type, "
        " array['/media/' || n], enabled, created "
        "from (values"
        " (1, 'films', 'movie', true, timestamptz '2026-01-02'),"
        " (2, 'anime', 'tvshow', true, '2026-01-01'),"
        " (3, 'old films', 'movie', false, '2026-01-01'),"
        " (4, 'films', 'tvshow', true, '2026-01-01'))"
        " as l (n, name, type, enabled, created) order by n desc");
  }
};

const auto id_of = &Library::id;

TEST_F(Libraries, AreMadeAsGiven) {
  const Library bare = client.create_library(
      db, {.name = "bare", .type = "music", .paths = {}, .preferred_language = "de"});
  EXPECT_EQ(bare.name, "bare");
  EXPECT_EQ(bare.type, "music");
  EXPECT_THAT(bare.paths, IsEmpty());
  EXPECT_FALSE(bare.enabled) << "as given, not the default";
  EXPECT_FALSE(bare.scan_on_startup);
  EXPECT_FALSE(bare.realtime_monitoring);
  EXPECT_EQ(bare.metadata_provider, std::nullopt);
  EXPECT_EQ(bare.scanner_config, std::nullopt);

  const Library full = client.create_library(db, {.name = "films",
                                                  .type = "movie",
                                                  .paths = {"/a", "/b, c", "/d \"e\""},
                                                  .enabled = true,
                                                  .scan_on_startup = true,
                                                  .realtime_monitoring = true,
                                                  .metadata_provider = "tmdb",
                                                  .preferred_language = "en",
                                                  .scanner_config = Json{R"({"depth": 3})"}});
  EXPECT_EQ(client.get_library(db, full.id), full);
  EXPECT_THAT(full.paths, ElementsAre("/a", "/b, c", "/d \"e\""));
  EXPECT_TRUE(full.enabled && full.scan_on_startup && full.realtime_monitoring);
  EXPECT_EQ(full.metadata_provider, "tmdb");
  EXPECT_EQ(full.preferred_language, "en");
  EXPECT_EQ(full.scanner_config, Json{R"({"depth": 3})"});
  EXPECT_EQ(client.get_library(db, uuid(9)), std::nullopt);
}

TEST_F(Libraries, AreFoundByNameAsTheOldestOfThatName) {
  EXPECT_EQ(client.get_library_by_name(db, "films")->id, uuid(4));
  run("update public.libraries set created_at = '2026-01-01'");
  EXPECT_EQ(client.get_library_by_name(db, "films")->id, uuid(1)) << "the smaller id of a tie";
  EXPECT_EQ(client.get_library_by_name(db, "Films"), std::nullopt);
}

TEST_F(Libraries, AreListedByNameThenId) {
  EXPECT_THAT(each(client.list_libraries(db), id_of),
              ElementsAre(uuid(2), uuid(1), uuid(4), uuid(3)));
  EXPECT_THAT(each(client.list_enabled_libraries(db), id_of),
              ElementsAre(uuid(2), uuid(1), uuid(4)));
  EXPECT_THAT(each(client.list_libraries_by_type(db, "movie"), id_of),
              ElementsAre(uuid(1), uuid(3)));
  EXPECT_THAT(client.list_libraries_by_type(db, "mov"), IsEmpty());
  EXPECT_EQ(client.count_libraries(db), 4);
  EXPECT_EQ(client.count_libraries_by_type(db, "tvshow"), 2);
  EXPECT_EQ(client.count_libraries_by_type(db, "book"), 0);
}

TEST_F(Libraries, KeepWhatAChangeLeavesOut) {
  const Library before = *client.get_library(db, uuid(1));
  const Library same = *client.update_library(db, {.id = uuid(1)});
  EXPECT_GT(same.updated_at, before.updated_at) << "the table's trigger";
  EXPECT_EQ(same.name, "films");
  EXPECT_THAT(same.paths, ElementsAre("/media/1"));

  const Library changed = *client.update_library(db, {.name = "cinema",
                                                      .type = "tvshow",
                                                      .paths = std::vector<std::string>{},
                                                      .enabled = false,
                                                      .scan_on_startup = true,
                                                      .realtime_monitoring = false,
                                                      .metadata_provider = "tvdb",
                                                      .preferred_language = "fr",
                                                      .scanner_config = Json{"{}"},
                                                      .id = uuid(1)});
  EXPECT_EQ(client.get_library(db, uuid(1)), changed);
  EXPECT_EQ(changed.name, "cinema");
  EXPECT_EQ(changed.type, "tvshow");
  EXPECT_THAT(changed.paths, IsEmpty());
  EXPECT_FALSE(changed.enabled || changed.realtime_monitoring);
  EXPECT_TRUE(changed.scan_on_startup);
  EXPECT_EQ(changed.metadata_provider, "tvdb");
  EXPECT_EQ(changed.preferred_language, "fr");
  EXPECT_EQ(changed.scanner_config, Json{"{}"});
  EXPECT_EQ(changed.created_at, before.created_at);

  EXPECT_EQ(client.update_library(db, {.name = "none", .id = uuid(9)}), std::nullopt);
  EXPECT_EQ(value("select string_agg(name, ',' order by id) from public.libraries"),
            "cinema,anime,old films,films");
}

TEST_F(Libraries, TakeTheirScansAndPermissionsWithThem) {
  const Uuid ann = add_user("ann");
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}}) {
    client.create_library_scan(db,
                               {.library_id = uuid(n), .scan_type = "full", .status = "running"});
    client.create_library_permission(db,
                                     {.library_id = uuid(n), .user_id = ann, .permission = "view"});
  }
  client.delete_library(db, uuid(1));
  EXPECT_THAT(each(client.list_libraries(db), id_of), ElementsAre(uuid(2), uuid(4), uuid(3)));
  EXPECT_EQ(value("select array_agg(library_id) from public.library_scans"),
            "{00000000-0000-0000-0000-000000000002}");
  EXPECT_EQ(value("select array_agg(library_id) from public.library_permissions"),
            "{00000000-0000-0000-0000-000000000002}");
}

}  // namespace
}  // namespace qm::test
