// Accounts: what is found, listed and changed, and that soft-deleted ones stay out of it all.
#include <functional>

#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::User;
using testing::ElementsAre;

class Users : public SharedClient {};

TEST_F(Users, AreFoundByIdNameAndAddressExactly) {
  const Uuid ann = add_user("Ann");
  add_user("bea");
  EXPECT_EQ(client.get_user_by_id(db, ann)->username, "Ann");
  EXPECT_EQ(client.get_user_by_username(db, "Ann")->id, ann);
  EXPECT_EQ(client.get_user_by_email(db, "Ann@example.org")->id, ann);
  EXPECT_FALSE(client.get_user_by_username(db, "ann"));
  EXPECT_FALSE(client.get_user_by_email(db, "ann@example.org"));
  EXPECT_FALSE(client.get_user_by_id(db, uuid(1)));
}

TEST_F(Users, AreGoneForLookupsOnceSoftDeletedButTheirNamesStayTaken) {
  const Uuid ann = add_user("ann");
  client.delete_user(db, ann);
  EXPECT_FALSE(client.get_user_by_id(db, ann));
  EXPECT_FALSE(client.get_user_by_username(db, "ann"));
  EXPECT_FALSE(client.get_user_by_email(db, "ann@example.org"));
  EXPECT_EQ(value("select updated_at = deleted_at from shared.users"), "t");
  EXPECT_THROW(add_user("ann"), UniqueViolation);

  const std::string deleted_at = value("select deleted_at from shared.users");
  client.delete_user(db, ann);
  EXPECT_EQ(value("select deleted_at from shared.users"), deleted_at) << "only a live user";
}

TEST_F(Users, AreRemovedForGoodWithWhatIsTheirs) {
  const Uuid ann = add_user("ann");
  run("insert into shared.user_preferences (user_id) select id from shared.users;"
      "insert into public.activity_log (user_id, action) select id, 'login' from shared.users;"
      "update shared.server_settings set updated_by = (select id from shared.users)");
  client.delete_user(db, ann);
  client.hard_delete_user(db, ann);
  EXPECT_EQ(value("select count(*) from shared.users"), "0");
  EXPECT_EQ(value("select count(*) from shared.user_preferences"), "0");
  EXPECT_EQ(value("select count(*) from public.activity_log where user_id is null"), "1");
  EXPECT_EQ(value("select count(*) from shared.server_settings where updated_by is not null"), "0");
}

TEST_F(Users, AreListedNewestFirstInPages) {
  run("insert into shared.users (id, username, email, password_hash, created_at, deleted_at) "
      "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, name, name, 'h',"
      " day::timestamptz, gone::timestamptz from (values"
      " (2, 'e', '2026-01-02', null), (5, 'b', '2026-01-02', null), (3, 'd', '2026-01-02', null),"
      " (1, 'a', '2026-01-01', null), (4, 'c', '2026-01-02', null), (6, 'f', '2026-01-03', 'now'))"
      " as u (n, name, day, gone)");
  EXPECT_THAT(each(client.list_users(db, {.limit = 10}), &User::username),
              ElementsAre("e", "d", "c", "b", "a"));
  EXPECT_THAT(each(client.list_users(db, {.limit = 2, .offset = 1}), &User::username),
              ElementsAre("d", "c"));
  EXPECT_THAT(client.list_users(db, {.limit = 10, .offset = 5}), testing::IsEmpty());
  EXPECT_EQ(client.count_users(db, {}), 5);
}

TEST_F(Users, AreFilteredByFlagsAndText) {
  run("insert into shared.users"
      " (username, email, password_hash, display_name, is_active, is_admin, created_at) values"
      " ('anna', 'x@example.org', 'h', null, true, false, '2026-01-04'),"
      " ('boss', 'y@example.org', 'h', 'Joanna', true, true, '2026-01-03'),"
      " ('zoe', 'Hannah@example.org', 'h', 'Z', false, false, '2026-01-02'),"
      " ('unset', 'u@example.org', 'h', null, null, null, '2026-01-01')");
  const auto listed = [&](const shared::CountUsersParams& filter) {
    const std::vector<User> users = client.list_users(db, {.is_active = filter.is_active,
                                                           .is_admin = filter.is_admin,
                                                           .query = filter.query,
                                                           .limit = 10});
    EXPECT_EQ(client.count_users(db, filter), std::int64_t(users.size()));
    return each(users, &User::username);
  };
  EXPECT_THAT(listed({.is_active = true}), ElementsAre("anna", "boss"));
  EXPECT_THAT(listed({.is_active = false}), ElementsAre("zoe")) << "null is neither";
  EXPECT_THAT(listed({.is_admin = true}), ElementsAre("boss"));
  EXPECT_THAT(listed({.query = "ANNA"}), ElementsAre("anna", "boss", "zoe"));
  EXPECT_THAT(listed({.is_active = true, .is_admin = false, .query = "anna"}), ElementsAre("anna"));
  EXPECT_THAT(listed({.query = ""}), ElementsAre("anna", "boss", "zoe", "unset"));
}

TEST_F(Users, AreSearchedForTheTextAsItIs) {
  for (const char* name : {"100%", "100x", "a_b", "axb", "c\\d", "e!f"})
    add_user(name);
  const auto found = [&](const char* query) {
    return each(client.list_users(db, {.query = query, .limit = 10}), &User::username);
  };
  EXPECT_THAT(found("0%"), ElementsAre("100%"));
  EXPECT_THAT(found("a_b"), ElementsAre("a_b"));
  EXPECT_THAT(found("\\"), ElementsAre("c\\d"));
  EXPECT_THAT(found("!"), ElementsAre("e!f"));
  EXPECT_EQ(client.count_users(db, {.query = "%"}), 1);
}

TEST_F(Users, AreStoredWithTheGivenNullsNotTheDefaults) {
  const User bare =
      client.create_user(db, {.username = "ann", .email = "a@example.org", .password_hash = "h"});
  EXPECT_EQ(bare.timezone, std::nullopt);
  EXPECT_EQ(bare.qar_enabled, std::nullopt);
  EXPECT_EQ(bare.is_active, std::nullopt);
  EXPECT_EQ(bare.is_admin, std::nullopt);
  EXPECT_EQ(bare.locale, "en-US");
  EXPECT_EQ(bare.email_verified, false);

  const User full = client.create_user(db, {.username = "bea",
                                            .email = "b@example.org",
                                            .password_hash = "h2",
                                            .display_name = "Bea",
                                            .timezone = "Europe/Paris",
                                            .qar_enabled = false,
                                            .is_active = true,
                                            .is_admin = true});
  EXPECT_EQ(client.get_user_by_id(db, full.id), full);
  EXPECT_EQ(full.password_hash, "h2");
  EXPECT_EQ(full.display_name, "Bea");
  EXPECT_EQ(full.timezone, "Europe/Paris");
  EXPECT_EQ(full.qar_enabled, false);
  EXPECT_EQ(full.is_active, true);
  EXPECT_EQ(full.is_admin, true);
}

TEST_F(Users, KeepWhatAnUpdateLeavesOut) {
  const Uuid ann = add_user("ann");
  run("update shared.users set display_name = 'Ann', avatar_url = '/0.png', updated_at = "
      "'2026-01-01'");
  const auto updated =
      client.update_user(db, {.email = "new@example.org", .is_admin = true, .user_id = ann});
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->email, "new@example.org");
  EXPECT_EQ(updated->is_admin, true);
  EXPECT_EQ(updated->display_name, "Ann");
  EXPECT_EQ(updated->timezone, "UTC");
  EXPECT_EQ(updated->is_active, true);
  EXPECT_GT(updated->updated_at, at("2026-01-01"));

  const auto rest = client.update_user(db, {.display_name = "A.",
                                            .avatar_url = "/a.png",
                                            .timezone = "Asia/Tokyo",
                                            .qar_enabled = true,
                                            .is_active = false,
                                            .user_id = ann});
  EXPECT_EQ(rest->display_name, "A.");
  EXPECT_EQ(rest->avatar_url, "/a.png");
  EXPECT_EQ(rest->timezone, "Asia/Tokyo");
  EXPECT_EQ(rest->qar_enabled, true);
  EXPECT_EQ(rest->is_active, false);
  EXPECT_EQ(rest->email, "new@example.org");
}

TEST_F(Users, ChangeOnlyWhileTheyLive) {
  const Uuid live = add_user("live");
  const Uuid gone = add_user("gone");
  run("update shared.users set deleted_at = '2026-01-02' where username = 'gone'");
  const std::vector<std::function<void(const Uuid&)>> changes{
      [&](const Uuid& id) { client.update_user(db, {.display_name = "x", .user_id = id}); },
      [&](const Uuid& id) { client.update_password(db, {.id = id, .password_hash = "new"}); },
      [&](const Uuid& id) { client.update_last_login(db, id); },
      [&](const Uuid& id) { client.verify_email(db, id); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    run("update shared.users set updated_at = '2026-01-01'");
    const std::string before =
        value("select users::text from shared.users where username = 'gone'");
    changes[i](live);
    changes[i](gone);
    EXPECT_GT(client.get_user_by_id(db, live)->updated_at, at("2026-01-02")) << i;
    EXPECT_EQ(value("select users::text from shared.users where username = 'gone'"), before) << i;
  }
  const auto user = client.get_user_by_id(db, live);
  EXPECT_EQ(user->password_hash, "new");
  EXPECT_EQ(user->email_verified, true);
  EXPECT_EQ(user->email_verified_at, user->updated_at);
  EXPECT_GT(user->last_login_at, at("2026-01-02"));
  EXPECT_FALSE(client.update_user(db, {.user_id = gone}));
}

}  // namespace
}  // namespace qm::test
