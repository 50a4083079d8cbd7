// API keys: which can be used to sign in, how their use is noted, how they end.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::ApiKey;
using testing::ElementsAre;
using testing::IsEmpty;

// Keys whose names tell their state, and whose hashes are their names; all but one of Ann:
//   1 plain    active, never expires
//   2 lasting  active, expires tomorrow, with the prefix of 1
//   3 expired  active, has expired
//   4 revoked  not active
//   5 gone     not active, has expired
//   6 hers     Bea's
class ApiKeys : public SharedClient {
 protected:
  ApiKeys() {
    run("insert into shared.api_keys (id, user_id, name, key_hash, key_prefix, scopes, is_active,"
        " expires_at, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, u.id, k.name, k.name, k.prefix,"
        " '{read}', active, now() + days * interval '1 day', k.created "
        "from (values"
        " (1, 'ann', 'plain', 'qm_1', true, null, timestamptz '2026-01-02'),"
        " (2, 'ann', 'lasting', 'qm_1', true, 1, '2026-01-03'),"
        " (3, 'ann', 'expired', 'qm_3', true, -1, '2026-01-03'),"
        " (4, 'ann', 'revoked', 'qm_4', false, null, '2026-01-01'),"
        " (5, 'ann', 'gone', 'qm_5', false, -1, '2025-12-31'),"
        " (6, 'bea', 'hers', 'qm_6', true, null, '2026-01-01'))"
        " as k (n, username, name, prefix, active, days, created) join shared.users as u "
        "using (username) order by n desc");
  }
  std::string names() {
    return value("select string_agg(name, ' ' order by id) from shared.api_keys");
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

const auto name_of = &ApiKey::name;

TEST_F(ApiKeys, AreMadeActiveAndUnused) {
  const ApiKey bare = client.create_api_key(
      db, {.user_id = bea, .name = "bare", .key_hash = "h1", .key_prefix = "p", .scopes = {}});
  EXPECT_EQ(bare.user_id, bea);
  EXPECT_TRUE(bare.is_active);
  EXPECT_THAT(bare.scopes, IsEmpty());
  EXPECT_EQ(bare.description, std::nullopt);
  EXPECT_EQ(bare.expires_at, std::nullopt);
  EXPECT_EQ(bare.last_used_at, std::nullopt);

  const ApiKey full = client.create_api_key(db, {.user_id = bea,
                                                 .name = "full",
                                                 .description = "of the scanner",
                                                 .key_hash = "h2",
                                                 .key_prefix = "p",
                                                 .scopes = {"read", "write"},
                                                 .expires_at = at("2100-01-01")});
  EXPECT_EQ(client.get_api_key(db, full.id), full);
  EXPECT_EQ(full.description, "of the scanner");
  EXPECT_THAT(full.scopes, ElementsAre("read", "write"));
  EXPECT_EQ(full.expires_at, at("2100-01-01"));

  EXPECT_THROW(client.create_api_key(
                   db, {.user_id = ann, .name = "same hash", .key_hash = "h2", .key_prefix = "p"}),
               UniqueViolation);
}

TEST_F(ApiKeys, AreFoundByIdInAnyState) {
  for (std::uint8_t n = 1; n <= 6; ++n)
    EXPECT_EQ(client.get_api_key(db, uuid(n))->id, uuid(n));
  EXPECT_EQ(client.get_api_key(db, uuid(9)), std::nullopt);
}

TEST_F(ApiKeys, SignInByHashWhileUsable) {
  EXPECT_EQ(client.get_api_key_by_hash(db, "plain")->id, uuid(1));
  EXPECT_EQ(client.get_api_key_by_hash(db, "lasting")->id, uuid(2));
  for (const char* hash : {"expired", "revoked", "gone", "", "PLAIN"})
    EXPECT_EQ(client.get_api_key_by_hash(db, hash), std::nullopt) << hash;
}

TEST_F(ApiKeys, SignInByPrefixAsTheFirstUsableOne) {
  EXPECT_EQ(client.get_api_key_by_prefix(db, "qm_1")->id, uuid(1));
  run("update shared.api_keys set created_at = '2026-01-03' where name = 'plain'");
  EXPECT_EQ(client.get_api_key_by_prefix(db, "qm_1")->id, uuid(1)) << "the smaller id of a tie";
  client.revoke_api_key(db, uuid(1));
  EXPECT_EQ(client.get_api_key_by_prefix(db, "qm_1")->id, uuid(2));
  for (const char* prefix : {"qm_3", "qm_4", "qm_5", "qm"})
    EXPECT_EQ(client.get_api_key_by_prefix(db, prefix), std::nullopt) << prefix;
}

TEST_F(ApiKeys, AreListedByUserNewestFirst) {
  EXPECT_THAT(each(client.list_user_api_keys(db, ann), name_of),
              ElementsAre("lasting", "expired", "plain", "revoked", "gone"));
  EXPECT_THAT(each(client.list_active_user_api_keys(db, ann), name_of),
              ElementsAre("lasting", "expired", "plain"));
  EXPECT_EQ(client.count_user_api_keys(db, ann), 3);
  EXPECT_EQ(client.count_user_api_keys(db, bea), 1);
  EXPECT_EQ(client.count_user_api_keys(db, uuid(9)), 0);
  EXPECT_THAT(client.list_user_api_keys(db, uuid(9)), IsEmpty());
}

TEST_F(ApiKeys, ChangeOneAtATime) {
  const ApiKey before = *client.get_api_key(db, uuid(1));
  client.update_api_key_last_used(db, uuid(1));
  const ApiKey used = *client.get_api_key(db, uuid(1));
  EXPECT_EQ(used.last_used_at, used.updated_at);
  EXPECT_GT(used.updated_at, before.updated_at);
  EXPECT_EQ(client.get_api_key_last_used_at(db, uuid(1)), used.last_used_at);
  EXPECT_EQ(client.get_api_key_last_used_at(db, uuid(2)).value(), std::nullopt) << "never";
  EXPECT_EQ(client.get_api_key_last_used_at(db, uuid(9)).has_value(), false) << "no such key";

  client.update_api_key_scopes(db, {.id = uuid(1), .scopes = {"admin"}});
  EXPECT_THAT(client.get_api_key(db, uuid(1))->scopes, ElementsAre("admin"));
  client.revoke_api_key(db, uuid(1));
  EXPECT_FALSE(client.get_api_key(db, uuid(1))->is_active);
  EXPECT_EQ(value("select count(*) from shared.api_keys where updated_at > created_at and"
                  " (last_used_at is not null or scopes <> '{read}') "),
            "1")
      << "the others are as they were";
}

TEST_F(ApiKeys, AreRemovedByIdOrOnceExpired) {
  client.delete_api_key(db, uuid(6));
  EXPECT_EQ(names(), "plain lasting expired revoked gone");
  client.delete_expired_api_keys(db);
  EXPECT_EQ(names(), "plain lasting revoked");
  run("delete from shared.users where username = 'ann'");
  EXPECT_EQ(value("select count(*) from shared.api_keys"), "0") << "a user takes their keys along";
}

}  // namespace
}  // namespace qm::test
