// The queries of fleets and their scans.
#include <array>
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

using Fleets = Qar;

TEST_F(Fleets, AreCreatedAndFound) {
  const Uuid owner = user("ada");
  const auto made = client.create_fleet(db, {.name = "scenes",
                                             .fleet_type = "voyage",
                                             .paths = {"/srv/a", "/srv/b c"},
                                             .enabled = false,
                                             .fingerprint_on_scan = false,
                                             .owner_user_id = owner});
  EXPECT_EQ(made.paths, (Texts{"/srv/a", "/srv/b c"}));
  EXPECT_EQ(made.owner_user_id, owner);
  EXPECT_FALSE(made.enabled || made.fingerprint_on_scan);
  EXPECT_EQ(client.get_fleet(db, made.id), made);
  EXPECT_EQ(client.get_fleet(db, owner), std::nullopt);
  EXPECT_THROW(fleet("scenes"), UniqueViolation);
  EXPECT_THROW(fleet("other", "cargo"), CheckViolation);
}

TEST_F(Fleets, AreListedByName) {
  for (const char* name : {"c", "a", "b"})
    fleet(name);
  EXPECT_EQ(names(client.list_fleets(db, {.limit = all, .offset = 0})), (Texts{"a", "b", "c"}));
  EXPECT_EQ(names(client.list_fleets(db, {.limit = 1, .offset = 1})), (Texts{"b"}));
}

TEST_F(Fleets, OfOneTypeAreListedWhenEnabled) {
  fleet("b", "treasure");
  fleet("a", "treasure");
  fleet("other", "voyage");
  client.update_fleet(db, {.id = fleet("off", "treasure"), .enabled = false});
  EXPECT_EQ(names(client.list_enabled_fleets_by_type(db, "treasure")), (Texts{"a", "b"}));
}

TEST_F(Fleets, AreChangedByWhatIsGiven) {
  const Uuid id = fleet("old", "expedition");
  const auto renamed = client.update_fleet(db, {.id = id, .name = "new"});
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->name, "new");
  EXPECT_EQ(renamed->paths, Texts{"/srv"});
  EXPECT_GT(renamed->updated_at, renamed->created_at) << "by the trigger";
  const auto changed = client.update_fleet(
      db, {.id = id, .paths = Texts{}, .enabled = false, .fingerprint_on_scan = false});
  EXPECT_EQ(changed->name, "new");
  EXPECT_EQ(changed->paths, Texts{});
  EXPECT_FALSE(changed->enabled || changed->fingerprint_on_scan);
  EXPECT_EQ(changed->fleet_type, "expedition");
  EXPECT_EQ(client.update_fleet(db, {.id = Uuid{}, .name = "x"}), std::nullopt);
}

TEST_F(Fleets, GoWithEverythingInThem) {
  const Uuid id = fleet();
  voyage(id, "v");
  EXPECT_EQ(client.delete_fleet(db, id), 1);
  EXPECT_EQ(client.delete_fleet(db, id), 0);
  EXPECT_EQ(ask("select count(*) from qar.voyages"), "0");
}

TEST_F(Fleets, CountWhatIsLive) {
  const Uuid id = fleet("one");
  const Uuid other = fleet("two");
  voyage(id, "a");
  voyage(id, "b");
  voyage(other, "c");
  client.delete_voyage(db, voyage(id, "gone"));
  expedition(id, "e");
  client.delete_expedition(db, expedition(id, "gone"));
  client.delete_treasure(db, treasure(id, "gone"));
  const auto counts = client.get_fleet_counts(db, id);
  EXPECT_EQ(counts.expedition_count, 1);
  EXPECT_EQ(counts.voyage_count, 2);
  EXPECT_EQ(counts.treasure_count, 0);
  EXPECT_EQ(client.get_fleet_counts(db, Uuid{}).voyage_count, 0);
}

TEST_F(Fleets, AreScannedOnceAtATime) {
  const Uuid id = fleet();
  const auto scan = client.start_fleet_scan(db, id);
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->status, "running");
  EXPECT_TRUE(scan->started_at);
  EXPECT_EQ(client.start_fleet_scan(db, id), std::nullopt);
  EXPECT_TRUE(client.start_fleet_scan(db, fleet("other")));

  EXPECT_EQ(client.update_fleet_scan_progress(db, {.id = scan->id,
                                                   .items_found = 5,
                                                   .items_added = 4,
                                                   .items_updated = 3,
                                                   .items_removed = 2,
                                                   .errors_count = 1}),
            1);
  const auto done = client.finish_fleet_scan(
      db, {.id = scan->id, .status = "failed", .error_message = "disk gone"});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, "failed");
  EXPECT_EQ(done->error_message, "disk gone");
  EXPECT_TRUE(done->finished_at);
  EXPECT_EQ((std::array{done->items_found, done->items_added, done->items_updated,
                        done->items_removed, done->errors_count}),
            (std::array{5, 4, 3, 2, 1}));

  EXPECT_EQ(client.update_fleet_scan_progress(db, {.id = scan->id, .items_found = 9}), 0);
  EXPECT_EQ(client.finish_fleet_scan(db, {.id = scan->id, .status = "completed"}), std::nullopt);
  EXPECT_TRUE(client.start_fleet_scan(db, id)) << "free again";
}

TEST_F(Fleets, APendingScanCanBeClosed) {
  const Uuid id = fleet();
  const Uuid scan = ask_id("insert into qar.fleet_scans (fleet_id) values ('" + id.to_string() +
                           "') returning id");
  EXPECT_EQ(client.finish_fleet_scan(db, {.id = scan, .status = "cancelled"})->status, "cancelled");
}

TEST_F(Fleets, ListScansNewestFirst) {
  const Uuid id = fleet();
  sql("insert into qar.fleet_scans (fleet_id, items_found, created_at) select '" + id.to_string() +
      "', n, '2024-01-01'::date + n from generate_series(1, 3) n");
  const auto page = client.list_fleet_scans(db, {.fleet_id = id, .limit = 2, .offset = 1});
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].items_found, 2);
  EXPECT_EQ(page[1].items_found, 1);
  EXPECT_TRUE(client.list_fleet_scans(db, {.fleet_id = Uuid{}, .limit = 9, .offset = 0}).empty());
}

}  // namespace
}  // namespace qm::test
