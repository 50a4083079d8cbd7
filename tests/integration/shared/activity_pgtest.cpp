// The audit log: writing, reading by filter and by page, counting and pruning.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::ActivityLog;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

// Six entries, newest first by id; 2 and 3 are of the same instant. Ids end in the number.
class Activity : public SharedClient {
 protected:
  Activity() {
    run("insert into public.activity_log (id, user_id, username, action, resource_type,"
        " resource_id, ip_address, success, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, u.id, username, action, kind,"
        " ('00000000-0000-0000-0000-0000000000a' || r)::uuid, ip::inet, success, day::timestamptz "
        "from (values"
        " (1, 'ann', 'login', null, null, '192.0.2.1', true, '2026-01-05 00:00+00'),"
        " (3, 'ann', 'login', null, null, '192.0.2.1', false, '2026-01-04 00:00+00'),"
        " (2, 'ann', 'edit', 'movie', 1, '192.0.2.0/24', true, '2026-01-04 00:00+00'),"
        " (4, 'bea', 'edit', 'movie', 2, '192.0.2.2', null, '2026-01-03 00:00+00'),"
        " (5, 'bea', 'edit', 'series', 1, null, false, '2026-01-02 00:00+00'),"
        " (6, null, 'start', null, null, null, true, '2026-01-01 00:00+00'))"
        " as e (n, username, action, kind, r, ip, success, day)"
        " left join shared.users as u using (username) order by n desc");
  }
  static std::vector<int> numbers(const std::vector<ActivityLog>& entries) {
    std::vector<int> found;
    for (const ActivityLog& entry : entries)
      found.push_back(entry.id.bytes.back());
    return found;
  }
  // The page of all entries that match, checked against the count of them.
  std::vector<int> search(const shared::CountSearchActivityLogsParams& filter) {
    const auto entries = client.search_activity_logs(db, {.user_id = filter.user_id,
                                                          .action = filter.action,
                                                          .resource_type = filter.resource_type,
                                                          .resource_id = filter.resource_id,
                                                          .success = filter.success,
                                                          .start_time = filter.start_time,
                                                          .end_time = filter.end_time,
                                                          .limit = 10});
    EXPECT_EQ(client.count_search_activity_logs(db, filter), std::int64_t(entries.size()));
    return numbers(entries);
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
  const Uuid first = uuid(0xa1);
};

TEST_F(Activity, IsWrittenAsGivenNullsIncluded) {
  const ActivityLog bare = client.create_activity_log(db, {.action = "ping"});
  EXPECT_EQ(bare.success, std::nullopt) << "the given null, not the default";
  EXPECT_EQ(bare.user_id, std::nullopt);
  const ActivityLog full =
      client.create_activity_log(db, {.user_id = ann,
                                      .username = "ann",
                                      .action = "edit",
                                      .resource_type = "movie",
                                      .resource_id = uuid(9),
                                      .changes = Json{R"({"title": ["a", "b"]})"},
                                      .metadata = Json{"{}"},
                                      .ip_address = Inet::parse("2001:db8::1"),
                                      .user_agent = "agent",
                                      .success = false,
                                      .error_message = "refused"});
  EXPECT_EQ(client.get_activity_log(db, full.id), full);
  EXPECT_EQ(full.changes, Json{R"({"title": ["a", "b"]})"});
  EXPECT_EQ(full.metadata, Json{"{}"});
  EXPECT_EQ(full.ip_address, Inet::parse("2001:db8::1"));
  EXPECT_EQ(full.error_message, "refused");
  EXPECT_EQ(full.success, false);
  EXPECT_FALSE(client.get_activity_log(db, uuid(99)));
}

TEST_F(Activity, IsListedNewestFirstInPages) {
  EXPECT_THAT(numbers(client.list_activity_logs(db, {.limit = 10})), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(numbers(client.list_activity_logs(db, {.limit = 2, .offset = 1})), ElementsAre(2, 3));
  EXPECT_EQ(client.count_activity_logs(db), 6);
}

TEST_F(Activity, IsSearchedByEveryFilterGiven) {
  EXPECT_THAT(search({}), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(search({.user_id = bea}), ElementsAre(4, 5));
  EXPECT_THAT(search({.action = "edit"}), ElementsAre(2, 4, 5));
  EXPECT_THAT(search({.resource_type = "movie"}), ElementsAre(2, 4));
  EXPECT_THAT(search({.resource_id = first}), ElementsAre(2, 5));
  EXPECT_THAT(search({.success = true}), ElementsAre(1, 2, 6));
  EXPECT_THAT(search({.success = false}), ElementsAre(3, 5)) << "null is neither";
  EXPECT_THAT(search({.user_id = ann, .action = "edit", .success = true}), ElementsAre(2));
  EXPECT_THAT(search({.user_id = ann, .resource_type = "series"}), IsEmpty());
  EXPECT_THAT(numbers(client.search_activity_logs(db, {.action = "edit", .limit = 1, .offset = 1})),
              ElementsAre(4));
}

TEST_F(Activity, IsSearchedWithinASpanThatHasBothItsEnds) {
  EXPECT_THAT(search({.start_time = at("2026-01-04")}), ElementsAre(1, 2, 3));
  EXPECT_THAT(search({.start_time = at("2026-01-04") + 1us}), ElementsAre(1));
  EXPECT_THAT(search({.end_time = at("2026-01-02")}), ElementsAre(5, 6));
  EXPECT_THAT(search({.end_time = at("2026-01-02") + -1us}), ElementsAre(6));
  EXPECT_THAT(search({.start_time = at("2026-01-02"), .end_time = at("2026-01-03")}),
              ElementsAre(4, 5));
}

TEST_F(Activity, OfAUserOrAboutAThingIsListedAndCounted) {
  EXPECT_THAT(numbers(client.get_user_activity_logs(db, {.user_id = ann, .limit = 10})),
              ElementsAre(1, 2, 3));
  EXPECT_THAT(numbers(client.get_user_activity_logs(db, {.user_id = ann, .limit = 1, .offset = 2})),
              ElementsAre(3));
  EXPECT_EQ(client.count_user_activity_logs(db, ann), 3);

  run("update public.activity_log set resource_type = 'movie', resource_id ="
      " '00000000-0000-0000-0000-0000000000a1' where action = 'login'");
  EXPECT_THAT(numbers(client.get_resource_activity_logs(
                  db, {.resource_type = "movie", .resource_id = first, .limit = 10})),
              ElementsAre(1, 2, 3));
  EXPECT_THAT(numbers(client.get_resource_activity_logs(
                  db, {.resource_type = "movie", .resource_id = first, .limit = 1, .offset = 1})),
              ElementsAre(2));
  EXPECT_EQ(
      client.count_resource_activity_logs(db, {.resource_type = "movie", .resource_id = first}), 3);
}

TEST_F(Activity, ThatFailedIsListed) {
  EXPECT_THAT(numbers(client.get_failed_activity_logs(db, {.limit = 10})), ElementsAre(3, 5));
  EXPECT_THAT(numbers(client.get_failed_activity_logs(db, {.limit = 10, .offset = 1})),
              ElementsAre(5));
}

TEST_F(Activity, OfAnActionIsListed) {
  EXPECT_THAT(numbers(client.get_activity_logs_by_action(db, {.action = "edit", .limit = 10})),
              ElementsAre(2, 4, 5));
  EXPECT_THAT(
      numbers(client.get_activity_logs_by_action(db, {.action = "edit", .limit = 1, .offset = 2})),
      ElementsAre(5));
}

TEST_F(Activity, FromAnAddressIsListedNetmaskIncluded) {
  const auto from = [&](const char* address) {
    return numbers(
        client.get_activity_logs_by_ip(db, {.ip_address = Inet::parse(address), .limit = 10}));
  };
  EXPECT_THAT(from("192.0.2.1"), ElementsAre(1, 3));
  EXPECT_THAT(from("192.0.2.0/24"), ElementsAre(2));
  EXPECT_THAT(from("192.0.2.0"), IsEmpty());
  EXPECT_THAT(numbers(client.get_activity_logs_by_ip(
                  db, {.ip_address = Inet::parse("192.0.2.1"), .limit = 1, .offset = 1})),
              ElementsAre(3));
}

TEST_F(Activity, OfOneInstantIsListedById) {
  run("update public.activity_log set user_id = (select id from shared.users where username ="
      " 'ann'), action = 'edit', resource_type = 'movie', resource_id ="
      " '00000000-0000-0000-0000-0000000000a1', ip_address = '192.0.2.1', success = false,"
      " created_at = '2026-01-01'");
  const auto in_order = ElementsAre(1, 2, 3, 4, 5);
  EXPECT_THAT(numbers(client.list_activity_logs(db, {.limit = 5})), in_order);
  EXPECT_THAT(numbers(client.search_activity_logs(db, {.action = "edit", .limit = 5})), in_order);
  EXPECT_THAT(numbers(client.get_user_activity_logs(db, {.user_id = ann, .limit = 5})), in_order);
  EXPECT_THAT(numbers(client.get_resource_activity_logs(
                  db, {.resource_type = "movie", .resource_id = first, .limit = 5})),
              in_order);
  EXPECT_THAT(numbers(client.get_failed_activity_logs(db, {.limit = 5})), in_order);
  EXPECT_THAT(numbers(client.get_activity_logs_by_action(db, {.action = "edit", .limit = 5})),
              in_order);
  EXPECT_THAT(numbers(client.get_activity_logs_by_ip(
                  db, {.ip_address = Inet::parse("192.0.2.1"), .limit = 5})),
              in_order);
}

TEST_F(Activity, IsPrunedBeforeAnInstant) {
  EXPECT_EQ(client.get_old_activity_logs_count(db, at("2026-01-03")), 2) << "strictly before";
  EXPECT_EQ(client.delete_old_activity_logs(db, at("2026-01-03")), 2);
  EXPECT_THAT(numbers(client.list_activity_logs(db, {.limit = 10})), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(client.delete_old_activity_logs(db, at("2026-01-03")), 0);
}

TEST_F(Activity, IsSummedUp) {
  const auto all = client.get_activity_log_stats(db);
  EXPECT_EQ(all.total_count, 6);
  EXPECT_EQ(all.success_count, 3);
  EXPECT_EQ(all.failed_count, 2);
  EXPECT_EQ(all.oldest_entry, at("2026-01-01"));
  EXPECT_EQ(all.newest_entry, at("2026-01-05"));
  run("delete from public.activity_log");
  EXPECT_EQ(client.get_activity_log_stats(db), shared::GetActivityLogStatsRow{});
}

TEST_F(Activity, OfTheLastWeekIsCountedByAction) {
  run("update public.activity_log set created_at = now() - interval '6 days 23 hours';"
      "insert into public.activity_log (action, created_at) values"
      " ('edit', now() - interval '7 days 1 minute'), ('a', now()), ('a', now())");
  using Row = shared::GetRecentActionsRow;
  EXPECT_THAT(client.get_recent_actions(db, 10),
              ElementsAre(Row{"edit", 3}, Row{"a", 2}, Row{"login", 2}, Row{"start", 1}));
  EXPECT_THAT(client.get_recent_actions(db, 1), ElementsAre(Row{"edit", 3}));
}

}  // namespace
}  // namespace qm::test
