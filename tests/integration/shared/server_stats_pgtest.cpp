// Figures about the server: kept ones, and the counts of users and libraries.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::ServerStat;
using testing::ElementsAre;
using testing::IsEmpty;

class ServerStats : public SharedClient {};

TEST_F(ServerStats, KeepTheLastValueOfAKey) {
  EXPECT_FALSE(client.get_server_stat(db, "movies"));
  const TimestampTz before = now();
  client.upsert_server_stat(db, {.stat_key = "movies", .stat_value = 5'000'000'000});
  const ServerStat first = client.get_server_stat(db, "movies").value();
  EXPECT_EQ(first.stat_value, 5'000'000'000);
  EXPECT_GE(first.computed_at, before);
  client.upsert_server_stat(db, {.stat_key = "movies", .stat_value = -1});
  const ServerStat second = client.get_server_stat(db, "movies").value();
  EXPECT_EQ(second.stat_value, -1);
  EXPECT_GT(second.computed_at, first.computed_at);
  EXPECT_FALSE(client.get_server_stat(db, "Movies"));
}

TEST_F(ServerStats, AreListedByKey) {
  EXPECT_THAT(client.get_all_server_stats(db), IsEmpty());
  for (const char* key : {"users", "movies", "series"})
    client.upsert_server_stat(db, {.stat_key = key, .stat_value = 1});
  EXPECT_THAT(each(client.get_all_server_stats(db), &ServerStat::stat_key),
              ElementsAre("movies", "series", "users"));
}

TEST_F(ServerStats, CountUsersThatLiveActiveOrNot) {
  for (const char* name : {"ann", "bea", "cho"})
    add_user(name);
  run("update shared.users set is_active = false where username = 'ann';"
      "update shared.users set deleted_at = now() where username = 'bea'");
  EXPECT_EQ(client.count_active_users(db), 2);
}

TEST_F(ServerStats, CountUsersOfTheLastDayOnceEach) {
  for (const char* name : {"ann", "bea", "cho"})
    add_user(name);
  EXPECT_EQ(client.count_active_users_last24h(db), 0);
  run("insert into shared.sessions (user_id, token_hash, expires_at, last_activity_at, revoked_at) "
      "select id, hash, now(), now() - idle, revoked from shared.users join (values"
      " ('ann', '1', interval '1 minute', null::timestamptz),"
      " ('ann', '2', interval '23 hours 59 minutes', null),"
      " ('bea', '3', interval '1 minute', now()),"
      " ('cho', '4', interval '24 hours 1 minute', null))"
      " as s (username, hash, idle, revoked) using (username)");
  EXPECT_EQ(client.count_active_users_last24h(db), 2) << "revoked and expired sessions count";
}

TEST_F(ServerStats, CountEnabledLibraries) {
  EXPECT_EQ(client.count_total_libraries(db), 0);
  run("insert into public.libraries (name, type, enabled) values"
      " ('a', 'movie', true), ('b', 'movie', true), ('c', 'tvshow', false)");
  EXPECT_EQ(client.count_total_libraries(db), 2);
}

}  // namespace
}  // namespace qm::test
