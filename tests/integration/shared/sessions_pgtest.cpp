// Login sessions: which count as active, how their use is noted, how they end and are pruned.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::Session;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

// Ann's sessions, whose names are their token hashes, and one of another user:
//   1 used   active, used last, second factor given
//   2 idle   active, long idle, second factor given earlier
//   3 tie    the same
//   4 old    expired
//   5 out    revoked
class Sessions : public SharedClient {
 protected:
  Sessions() {
    run("insert into shared.sessions (id, user_id, token_hash, refresh_token_hash, expires_at,"
        " last_activity_at, revoked_at, revoke_reason, mfa_verified, mfa_verified_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, u.id, s.hash, s.hash || ' "
        "refresh',"
        " now() + expiry * interval '1 day', used, revoked, 'logout', mfa is not null, mfa "
        "from (values"
        " (1, 'ann', 'used', 1, now() - interval '1 hour', null::timestamptz, now()),"
        " (2, 'ann', 'idle', 1, '2026-01-02', null, '2026-01-01'),"
        " (3, 'ann', 'tie', 1, '2026-01-02', null, '2026-01-01'),"
        " (4, 'ann', 'old', -1, '2026-01-01', null, '2026-01-01'),"
        " (5, 'ann', 'out', 1, '2025-12-31', '2026-01-04', '2026-01-01'),"
        " (6, 'bea', 'hers', 1, '2026-01-02', null, '2026-01-01'))"
        " as s (n, username, hash, expiry, used, revoked, mfa) join shared.users as u "
        "using (username) order by n desc");
  }
  std::string hashes(const std::string& condition) {
    return value(
        "select coalesce(string_agg(token_hash, ' ' order by id), '') "
        "from shared.sessions where " +
        condition);
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

const auto hash_of = &Session::token_hash;

TEST_F(Sessions, AreOpenedUnverifiedAndJustUsed) {
  const TimestampTz before = now();
  const Session bare = client.create_session(
      db, {.user_id = ann, .token_hash = "new", .expires_at = at("2100-01-01")});
  EXPECT_GE(bare.last_activity_at, before);
  EXPECT_FALSE(bare.mfa_verified);
  EXPECT_EQ(bare.mfa_verified_at, std::nullopt);
  EXPECT_EQ(bare.scopes, std::nullopt) << "the given null, not the default";
  EXPECT_EQ(bare.revoked_at, std::nullopt);

  const Session full =
      client.create_session(db, {.user_id = ann,
                                 .token_hash = "full",
                                 .refresh_token_hash = "r",
                                 .ip_address = Inet::parse("2001:db8::1"),
                                 .user_agent = "agent",
                                 .device_name = "phone",
                                 .scopes = std::vector<std::string>{"read", "write"},
                                 .expires_at = at("2100-01-01")});
  EXPECT_EQ(client.get_session_by_id(db, full.id), full);
  EXPECT_EQ(full.ip_address, Inet::parse("2001:db8::1"));
  EXPECT_EQ(full.device_name, "phone");
  EXPECT_EQ(full.scopes, (std::vector<std::string>{"read", "write"}));
  EXPECT_EQ(full.expires_at, at("2100-01-01"));
  EXPECT_THROW(client.create_session(
                   db, {.user_id = ann, .token_hash = "full", .expires_at = at("2100-01-01")}),
               UniqueViolation);
}

TEST_F(Sessions, AreFoundByTheirHashesWhileActive) {
  EXPECT_EQ(client.get_session_by_token_hash(db, "used")->id, uuid(1));
  EXPECT_EQ(client.get_session_by_refresh_token_hash(db, "used refresh")->id, uuid(1));
  for (const std::string hash : {"old", "out", "unknown"}) {
    EXPECT_FALSE(client.get_session_by_token_hash(db, hash)) << hash;
    EXPECT_FALSE(client.get_session_by_refresh_token_hash(db, hash + " refresh")) << hash;
  }
}

TEST_F(Sessions, AreFoundByIdUnlessRevoked) {
  EXPECT_EQ(client.get_session_by_id(db, uuid(4))->token_hash, "old");
  EXPECT_FALSE(client.get_session_by_id(db, uuid(5)));
}

TEST_F(Sessions, AreListedLastUsedFirst) {
  EXPECT_THAT(each(client.list_user_sessions(db, ann), hash_of),
              ElementsAre("used", "idle", "tie"));
  EXPECT_THAT(each(client.list_all_user_sessions(db, ann), hash_of),
              ElementsAre("used", "idle", "tie", "old"));
  EXPECT_EQ(client.count_active_user_sessions(db, ann), 3);
  EXPECT_EQ(client.count_all_active_sessions(db), 4);
  EXPECT_THAT(client.list_user_sessions(db, uuid(9)), IsEmpty());
}

TEST_F(Sessions, NoteTheirUseUnlessRevoked) {
  for (const Uuid& id : {uuid(2), uuid(4), uuid(5)})
    client.update_session_activity(db, id);
  EXPECT_EQ(hashes("last_activity_at >= now() - interval '1 minute'"), "idle old");
  client.update_session_activity_by_token_hash(db, "tie");
  client.update_session_activity_by_token_hash(db, "out");
  EXPECT_EQ(hashes("last_activity_at >= now() - interval '1 minute'"), "idle tie old");
  EXPECT_EQ(hashes("expires_at < now()"), "old") << "use does not extend a session";
}

TEST_F(Sessions, AreRevokedOneByOneEvenAgain) {
  client.revoke_session(db, {.id = uuid(1), .reason = "stolen"});
  client.revoke_session(db, {.id = uuid(5)});
  client.revoke_session_by_token_hash(db, {.token_hash = "idle", .reason = "lost"});
  client.revoke_session_by_token_hash(db, {.token_hash = "old"});
  EXPECT_EQ(hashes("revoked_at >= now() - interval '1 minute'"), "used idle old out");
  EXPECT_EQ(hashes("revoke_reason is null"), "old out");
  EXPECT_EQ(hashes("revoke_reason = 'stolen'"), "used");
  EXPECT_EQ(hashes("revoke_reason = 'lost'"), "idle");
}

TEST_F(Sessions, AreRevokedForAUserAltogether) {
  client.revoke_all_user_sessions(db, {.user_id = ann, .reason = "password"});
  EXPECT_EQ(hashes("revoke_reason = 'password'"), "used idle tie old");
  EXPECT_EQ(hashes("revoked_at is null"), "hers");
}

TEST_F(Sessions, AreRevokedForAUserExceptOne) {
  client.revoke_all_user_sessions_except(db, {.user_id = ann, .except_id = uuid(1)});
  EXPECT_EQ(hashes("revoked_at is null"), "used hers");
  EXPECT_EQ(hashes("revoked_at is not null and revoke_reason = 'logout'"), "out")
      << "what was revoked before stays as it was";
}

TEST_F(Sessions, ArePrunedThirtyDaysAfterTheirEnd) {
  run("update shared.sessions set revoked_at = null, expires_at = now() + interval '1 day';"
      "update shared.sessions set expires_at = now() - interval '30 days 1 hour' where token_hash"
      " = 'used';"
      "update shared.sessions set expires_at = now() - interval '29 days' where token_hash ="
      " 'idle';"
      "update shared.sessions set revoked_at = now() - interval '30 days 1 hour' where token_hash"
      " in ('tie', 'old');"
      "update shared.sessions set revoked_at = now() - interval '29 days' where token_hash ="
      " 'out'");
  EXPECT_EQ(client.delete_expired_sessions(db), 1);
  EXPECT_EQ(hashes("true"), "idle tie old out hers");
  EXPECT_EQ(client.delete_revoked_sessions(db), 2);
  EXPECT_EQ(hashes("true"), "idle out hers");
  EXPECT_EQ(client.delete_expired_sessions(db), 0);
}

TEST_F(Sessions, CountAsInactiveFromAnInstantOn) {
  const TimestampTz idle_since = client.get_session_by_id(db, uuid(2))->last_activity_at;
  EXPECT_THAT(client.get_inactive_sessions(db, idle_since), IsEmpty()) << "strictly before";
  run("update shared.sessions set last_activity_at = '2026-01-01' where token_hash = 'hers'");
  EXPECT_THAT(each(client.get_inactive_sessions(db, idle_since + 1us), hash_of),
              ElementsAre("hers", "idle", "tie"));

  client.revoke_inactive_sessions(db, idle_since);
  EXPECT_EQ(hashes("revoke_reason = 'Inactivity timeout'"), "old hers") << "expired ones too";
  client.revoke_inactive_sessions(db, idle_since + 1us);
  EXPECT_EQ(hashes("revoke_reason = 'Inactivity timeout'"), "idle tie old hers");
  EXPECT_EQ(hashes("revoked_at >= now() - interval '1 minute'"), "idle tie old hers");
}

TEST_F(Sessions, NoteTheirSecondFactorUnlessRevoked) {
  run("update shared.sessions set mfa_verified = false, mfa_verified_at = null");
  for (const Uuid& id : {uuid(1), uuid(5)})
    client.mark_session_mfa_verified(db, id);
  for (const char* name : {"tie", "out"})
    client.mark_session_mfa_verified_by_token_hash(db, name);
  EXPECT_EQ(hashes("mfa_verified and mfa_verified_at >= now() - interval '1 minute'"), "used tie");
  EXPECT_EQ(hashes("mfa_verified_at is not null"), "used tie");
}

TEST_F(Sessions, WithSecondFactorAreListedLatestFirst) {
  EXPECT_THAT(each(client.get_mfa_verified_sessions(db, ann), hash_of),
              ElementsAre("used", "idle", "tie"));
  run("update shared.sessions set id = '00000000-0000-0000-0000-000000000000' where token_hash ="
      " 'tie'");
  EXPECT_THAT(each(client.get_mfa_verified_sessions(db, ann), hash_of),
              ElementsAre("used", "tie", "idle"));
  run("update shared.sessions set mfa_verified = false where token_hash = 'idle'");
  EXPECT_THAT(each(client.get_mfa_verified_sessions(db, ann), hash_of), ElementsAre("used", "tie"));
}

}  // namespace
}  // namespace qm::test
