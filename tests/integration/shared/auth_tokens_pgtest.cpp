// Tokens that keep users signed in: which count, how their use is noted, how they end.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::AuthToken;
using testing::ElementsAre;
using testing::IsEmpty;

// Tokens whose hashes tell their state; all but one of Ann:
//   1 phone   usable, on device d1
//   2 tablet  usable, on device d2, as old as 3
//   3 other   usable, on device d1
//   4 old     expired, on device d1
//   5 out     revoked 29 days ago, on device d1
//   6 gone    revoked 31 days ago
//   7 hers    Bea's, on device d1
class AuthTokens : public SharedClient {
 protected:
  AuthTokens() {
    run("insert into shared.auth_tokens (id, user_id, token_hash, token_type, device_fingerprint,"
        " expires_at, revoked_at, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, u.id, hash, 'refresh', device,"
        " now() + days * interval '1 day', now() - revoked * interval '1 day', created "
        "from (values"
        " (1, 'ann', 'phone', 'd1', 1, null, timestamptz '2026-01-03'),"
        " (2, 'ann', 'tablet', 'd2', 1, null, '2026-01-02'),"
        " (3, 'ann', 'other', 'd1', 1, null, '2026-01-02'),"
        " (4, 'ann', 'old', 'd1', -1, null, '2026-01-01'),"
        " (5, 'ann', 'out', 'd1', 1, 29, '2026-01-01'),"
        " (6, 'ann', 'gone', null, 1, 31, '2026-01-01'),"
        " (7, 'bea', 'hers', 'd1', 1, null, '2026-01-01'))"
        " as t (n, username, hash, device, days, revoked, created) join shared.users as u "
        "using (username) order by n desc");
  }
  std::string hashes(const std::string& condition) {
    return value(
        "select coalesce(string_agg(token_hash, ' ' order by id), '') "
        "from shared.auth_tokens where " +
        condition);
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

const auto hash_of = &AuthToken::token_hash;

TEST_F(AuthTokens, AreIssuedAsGiven) {
  const AuthToken bare = client.create_auth_token(
      db,
      {.user_id = ann, .token_hash = "new", .token_type = "api", .expires_at = at("2100-01-01")});
  EXPECT_EQ(bare.token_type, "api");
  EXPECT_EQ(bare.device_name, std::nullopt);
  EXPECT_EQ(bare.revoked_at, std::nullopt);
  EXPECT_EQ(bare.last_used_at, std::nullopt);
  EXPECT_EQ(bare.session_id, std::nullopt);

  const Uuid session =
      client.create_session(db, {.user_id = ann, .token_hash = "s", .expires_at = at("2100-01-01")})
          .id;
  const AuthToken full = client.create_auth_token(db, {.user_id = ann,
                                                       .token_hash = "full",
                                                       .token_type = "refresh",
                                                       .device_name = "phone",
                                                       .device_fingerprint = "d9",
                                                       .ip_address = Inet::parse("192.0.2.1"),
                                                       .user_agent = "agent",
                                                       .expires_at = at("2100-01-01"),
                                                       .session_id = session});
  EXPECT_EQ(client.get_auth_token_by_hash(db, "full"), full);
  EXPECT_EQ(full.device_name, "phone");
  EXPECT_EQ(full.device_fingerprint, "d9");
  EXPECT_EQ(full.ip_address, Inet::parse("192.0.2.1"));
  EXPECT_EQ(full.user_agent, "agent");
  EXPECT_EQ(full.expires_at, at("2100-01-01"));
  EXPECT_EQ(full.session_id, session);
  run("delete from shared.sessions");
  EXPECT_EQ(client.get_auth_token_by_hash(db, "full")->session_id, std::nullopt)
      << "a token outlives its session";
  EXPECT_THROW(client.create_auth_token(db, {.user_id = ann,
                                             .token_hash = "full",
                                             .token_type = "api",
                                             .expires_at = at("2100-01-01")}),
               UniqueViolation);
}

TEST_F(AuthTokens, AreFoundWhileUsable) {
  EXPECT_EQ(client.get_auth_token_by_hash(db, "phone")->id, uuid(1));
  for (const char* hash : {"old", "out", "gone", ""})
    EXPECT_EQ(client.get_auth_token_by_hash(db, hash), std::nullopt) << hash;

  EXPECT_THAT(each(client.get_auth_tokens_by_user_id(db, ann), hash_of),
              ElementsAre("phone", "tablet", "other"));
  EXPECT_EQ(client.count_active_auth_tokens_by_user(db, ann), 3);
  EXPECT_EQ(client.count_active_auth_tokens_by_user(db, uuid(9)), 0);

  const auto on_device = [&](const char* device) {
    return each(client.get_auth_tokens_by_device_fingerprint(
                    db, {.user_id = ann, .device_fingerprint = device}),
                hash_of);
  };
  EXPECT_THAT(on_device("d1"), ElementsAre("phone", "other"));
  EXPECT_THAT(on_device("d2"), ElementsAre("tablet"));
  EXPECT_THAT(on_device("d3"), IsEmpty());
}

TEST_F(AuthTokens, NoteTheirUse) {
  const TimestampTz before = now();
  client.update_auth_token_last_used(db, uuid(1));
  const AuthToken used = *client.get_auth_token_by_hash(db, "phone");
  EXPECT_GE(used.last_used_at, before);
  EXPECT_EQ(used.updated_at, used.last_used_at);
  EXPECT_EQ(hashes("last_used_at is not null"), "phone");
}

TEST_F(AuthTokens, AreRevokedByIdOrHashAnew) {
  const std::string just_now = "revoked_at > now() - interval '1 hour' and updated_at = revoked_at";
  client.revoke_auth_token(db, uuid(1));
  client.revoke_auth_token_by_hash(db, "other");
  EXPECT_EQ(hashes(just_now), "phone other");
  client.revoke_auth_token(db, uuid(5));
  client.revoke_auth_token_by_hash(db, "gone");
  EXPECT_EQ(hashes(just_now), "phone other out gone") << "the time changes";
  EXPECT_EQ(hashes("revoked_at is null"), "tablet old hers");
}

TEST_F(AuthTokens, AreRevokedByUserKeepingEarlierTimes) {
  const std::string just_now = "revoked_at > now() - interval '1 hour'";
  client.revoke_all_user_auth_tokens_except(db, {.user_id = ann, .except_id = uuid(2)});
  EXPECT_EQ(hashes(just_now), "phone other old");
  EXPECT_EQ(hashes("revoked_at is null"), "tablet hers");
  client.revoke_all_user_auth_tokens(db, ann);
  EXPECT_EQ(hashes(just_now), "phone tablet other old");
  EXPECT_EQ(hashes("revoked_at is null"), "hers");
}

TEST_F(AuthTokens, ArePrunedOnceExpiredOrRevokedForAMonth) {
  client.delete_revoked_auth_tokens(db);
  EXPECT_EQ(hashes("true"), "phone tablet other old out hers");
  run("update shared.auth_tokens set expires_at = now() - interval '1 day' where id = "
      "'00000000-0000-0000-0000-000000000005'");
  client.delete_expired_auth_tokens(db);
  EXPECT_EQ(hashes("true"), "phone tablet other hers");
}

}  // namespace
}  // namespace qm::test
