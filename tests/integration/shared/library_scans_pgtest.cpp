// Scans of libraries: how they begin, are followed, listed and pruned.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::LibraryScan;
using testing::ElementsAre;
using testing::IsEmpty;

// Library 1 has scans 1 to 5, library 2 has scan 6:
//   1 completed  oldest
//   2 failed     as old as 3
//   3 running    began last
//   4 running    began first
//   5 pending    newest
//   6 running    without a start
class LibraryScans : public SharedClient {
 protected:
  LibraryScans() {
    run("insert into public.libraries (id, name, type) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'l' || n, 'movie' "
        "from generate_series(1, 2) as n");
    run("insert into public.library_scans (id, library_id, scan_type, status, started_at,"
        " created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid,"
        " ('00000000-0000-0000-0000-00000000000' || library)::uuid, 'full', status, started, "
        "created "
        "from (values"
        " (1, 1, 'completed', timestamptz '2026-01-01', timestamptz '2026-01-01'),"
        " (2, 1, 'failed', null, '2026-01-02'),"
        " (3, 1, 'running', '2026-01-05', '2026-01-02'),"
        " (4, 1, 'running', '2026-01-03', '2026-01-03'),"
        " (5, 1, 'pending', null, '2026-01-04'),"
        " (6, 2, 'running', null, '2026-01-01'))"
        " as s (n, library, status, started, created) order by n desc");
  }
  std::vector<Uuid> page(std::int64_t limit, std::int64_t offset) {
    std::vector<Uuid> ids;
    for (const LibraryScan& scan :
         client.list_library_scans(db, {.library_id = uuid(1), .limit = limit, .offset = offset})) {
      ids.push_back(scan.id);
    }
    return ids;
  }
  std::string ids() {
    return value(
        "select string_agg(right(id::text, 1), ' ' order by id) from "
        "public.library_scans");
  }
};

TEST_F(LibraryScans, BeginWithNothingCounted) {
  const LibraryScan scan = client.create_library_scan(
      db, {.library_id = uuid(2), .scan_type = "quick", .status = "pending"});
  EXPECT_EQ(client.get_library_scan(db, scan.id), scan);
  EXPECT_EQ(scan.library_id, uuid(2));
  EXPECT_EQ(scan.scan_type, "quick");
  EXPECT_EQ(scan.status, "pending");
  EXPECT_EQ(scan.items_scanned + scan.items_added + scan.items_updated + scan.items_removed +
                scan.errors_count,
            0);
  EXPECT_EQ(scan.error_message, std::nullopt);
  EXPECT_EQ(scan.started_at, std::nullopt);
  EXPECT_EQ(scan.completed_at, std::nullopt);
  EXPECT_EQ(scan.duration_seconds, std::nullopt);
  EXPECT_EQ(client.get_library_scan(db, uuid(9)), std::nullopt);
  EXPECT_THROW(client.create_library_scan(
                   db, {.library_id = uuid(9), .scan_type = "full", .status = "pending"}),
               ForeignKeyViolation);
}

TEST_F(LibraryScans, ArePagedNewestFirst) {
  EXPECT_THAT(page(10, 0), ElementsAre(uuid(5), uuid(4), uuid(2), uuid(3), uuid(1)));
  EXPECT_THAT(page(2, 0), ElementsAre(uuid(5), uuid(4)));
  EXPECT_THAT(page(2, 2), ElementsAre(uuid(2), uuid(3)));
  EXPECT_THAT(page(2, 5), IsEmpty());
  EXPECT_EQ(client.count_library_scans(db, uuid(1)), 5);
  EXPECT_EQ(client.count_library_scans(db, uuid(9)), 0);
  EXPECT_EQ(client.get_latest_library_scan(db, uuid(1))->id, uuid(5));
  run("update public.library_scans set created_at = '2026-01-04'");
  EXPECT_EQ(client.get_latest_library_scan(db, uuid(1))->id, uuid(1)) << "the smaller id of a tie";
  EXPECT_EQ(client.get_latest_library_scan(db, uuid(9)), std::nullopt);
}

TEST_F(LibraryScans, ThatRunAreListedFirstBegunFirst) {
  EXPECT_THAT(each(client.get_running_scans(db), &LibraryScan::id),
              ElementsAre(uuid(4), uuid(3), uuid(6)));
  run("update public.library_scans set started_at = '2026-01-03'");
  EXPECT_THAT(each(client.get_running_scans(db), &LibraryScan::id),
              ElementsAre(uuid(3), uuid(4), uuid(6)));
}

TEST_F(LibraryScans, KeepTheirStartAndReplaceTheRestOfTheirState) {
  const LibraryScan failed =
      *client.update_library_scan_status(db, {.status = "failed",
                                              .completed_at = at("2026-01-06"),
                                              .duration_seconds = 60,
                                              .error_message = "disk full",
                                              .id = uuid(3)});
  EXPECT_EQ(client.get_library_scan(db, uuid(3)), failed);
  EXPECT_EQ(failed.status, "failed");
  EXPECT_EQ(failed.started_at, at("2026-01-05"));
  EXPECT_EQ(failed.completed_at, at("2026-01-06"));
  EXPECT_EQ(failed.duration_seconds, 60);
  EXPECT_EQ(failed.error_message, "disk full");

  const LibraryScan again = *client.update_library_scan_status(
      db, {.status = "running", .started_at = at("2026-01-07"), .id = uuid(3)});
  EXPECT_EQ(again.started_at, at("2026-01-07"));
  EXPECT_EQ(again.completed_at, std::nullopt);
  EXPECT_EQ(again.duration_seconds, std::nullopt);
  EXPECT_EQ(again.error_message, std::nullopt);
  EXPECT_EQ(client.update_library_scan_status(db, {.status = "failed", .id = uuid(9)}),
            std::nullopt);
  EXPECT_EQ(client.get_library_scan(db, uuid(4))->status, "running");
}

TEST_F(LibraryScans, ReplaceTheirCounts) {
  const LibraryScan counted = *client.update_library_scan_progress(db, {.items_scanned = 5,
                                                                        .items_added = 4,
                                                                        .items_updated = 3,
                                                                        .items_removed = 2,
                                                                        .errors_count = 1,
                                                                        .id = uuid(3)});
  EXPECT_EQ(client.get_library_scan(db, uuid(3)), counted);
  EXPECT_EQ(counted.items_scanned, 5);
  EXPECT_EQ(counted.items_added, 4);
  EXPECT_EQ(counted.items_updated, 3);
  EXPECT_EQ(counted.items_removed, 2);
  EXPECT_EQ(counted.errors_count, 1);
  EXPECT_EQ(counted.status, "running");
  EXPECT_EQ(client.get_library_scan(db, uuid(4))->items_scanned, 0);
  EXPECT_EQ(client.update_library_scan_progress(db, {.id = uuid(9)}), std::nullopt);
}

TEST_F(LibraryScans, ThatHaveEndedArePruned) {
  EXPECT_EQ(client.delete_old_library_scans(db, at("2026-01-01")), 0) << "not the moment itself";
  EXPECT_EQ(client.delete_old_library_scans(db, at("2026-01-02")), 1);
  EXPECT_EQ(ids(), "2 3 4 5 6");
  run("update public.library_scans set status = 'cancelled' where status = 'pending'");
  EXPECT_EQ(client.delete_old_library_scans(db, at("2027-01-01")), 2);
  EXPECT_EQ(ids(), "3 4 6");
}

}  // namespace
}  // namespace qm::test
