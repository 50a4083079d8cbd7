// Settings of the server and of users: lookup, listing by category, adding, replacing, removing.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::ServerSetting;
using shared::UserSetting;
using testing::ElementsAre;
using testing::IsEmpty;

class ServerSettings : public SharedClient {
 protected:
  ServerSettings() { run("delete from shared.server_settings"); }  // the first seven
};

const auto server_key = &ServerSetting::key;
const auto user_key = &UserSetting::key;

TEST_F(ServerSettings, AreAddedOnceWithBoundsAndEditor) {
  const Uuid ann = add_user("ann");
  const ServerSetting added = client.create_server_setting(db, {.key = "limit",
                                                                .value = Json{"5"},
                                                                .description = "How many",
                                                                .category = "general",
                                                                .data_type = "number",
                                                                .is_secret = true,
                                                                .is_public = false,
                                                                .allowed_values = Json{"[5, 6]"},
                                                                .min_value = Numeric("1.50"),
                                                                .max_value = Numeric("99"),
                                                                .pattern = "^[0-9]+$",
                                                                .updated_by = ann});
  EXPECT_EQ(client.get_server_setting(db, "limit"), added);
  EXPECT_EQ(added.value, Json{"5"});
  EXPECT_EQ(added.description, "How many");
  EXPECT_EQ(added.is_secret, true);
  EXPECT_EQ(added.is_public, false);
  EXPECT_EQ(added.allowed_values, Json{"[5, 6]"});
  EXPECT_EQ(added.min_value, Numeric("1.50"));
  EXPECT_EQ(added.max_value, Numeric("99"));
  EXPECT_EQ(added.pattern, "^[0-9]+$");
  EXPECT_EQ(added.updated_by, ann);
  EXPECT_THROW(
      client.create_server_setting(db, {.key = "limit", .value = Json{"6"}, .data_type = "number"}),
      UniqueViolation);
  EXPECT_FALSE(client.get_server_setting(db, "Limit"));

  const ServerSetting bare = client.create_server_setting(
      db, {.key = "bare", .value = Json{"null"}, .data_type = "string"});
  EXPECT_EQ(bare.is_secret, std::nullopt) << "the given null, not the default";
  EXPECT_EQ(bare.is_public, std::nullopt);
  EXPECT_EQ(bare.value, Json{"null"});
}

TEST_F(ServerSettings, AreListedByCategoryAndKey) {
  run("insert into shared.server_settings (key, value, category, data_type, is_public) values"
      " ('d', '1', null, 'number', true), ('c', '1', 'a', 'number', false),"
      " ('b', '1', 'b', 'number', true), ('e', '1', 'b', 'number', null),"
      " ('a', '1', 'b', 'number', true)");
  EXPECT_THAT(each(client.list_server_settings(db), server_key),
              ElementsAre("c", "a", "b", "e", "d"));
  EXPECT_THAT(each(client.list_server_settings_by_category(db, "b"), server_key),
              ElementsAre("a", "b", "e"));
  EXPECT_THAT(client.list_server_settings_by_category(db, "B"), IsEmpty());
  EXPECT_THAT(each(client.list_public_server_settings(db), server_key), ElementsAre("a", "b", "d"));
}

TEST_F(ServerSettings, AreReplacedInValueAndEditorOnly) {
  const Uuid ann = add_user("ann");
  run("insert into shared.server_settings (key, value, description, data_type, max_value,"
      " updated_at) values ('limit', '5', 'How many', 'number', 6, '2026-01-01')");
  const auto changed =
      client.update_server_setting(db, {.key = "limit", .value = Json{"7"}, .updated_by = ann});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->value, Json{"7"}) << "bounds are for the caller to check";
  EXPECT_EQ(changed->updated_by, ann);
  EXPECT_EQ(changed->description, "How many");
  EXPECT_GT(changed->updated_at, at("2026-01-02"));
  EXPECT_EQ(client.update_server_setting(db, {.key = "limit", .value = Json{"8"}})->updated_by,
            std::nullopt);
  EXPECT_FALSE(client.update_server_setting(db, {.key = "unknown", .value = Json{"8"}}));
}

TEST_F(ServerSettings, AreUpsertedWithoutTouchingWhatDescribesThem) {
  const Uuid ann = add_user("ann");
  const ServerSetting added = client.upsert_server_setting(db, {.key = "name",
                                                                .value = Json{R"("a")"},
                                                                .description = "first",
                                                                .category = "general",
                                                                .data_type = "string",
                                                                .is_secret = false,
                                                                .is_public = true,
                                                                .updated_by = ann});
  EXPECT_EQ(added.description, "first");
  EXPECT_EQ(added.is_public, true);
  EXPECT_EQ(added.updated_by, ann);
  run("update shared.server_settings set updated_at = '2026-01-01'");
  const ServerSetting replaced = client.upsert_server_setting(db, {.key = "name",
                                                                   .value = Json{R"("b")"},
                                                                   .description = "second",
                                                                   .category = "other",
                                                                   .data_type = "number",
                                                                   .is_secret = true,
                                                                   .is_public = false});
  EXPECT_EQ(replaced.value, Json{R"("b")"});
  EXPECT_EQ(replaced.updated_by, std::nullopt);
  EXPECT_EQ(replaced.description, "first");
  EXPECT_EQ(replaced.category, "general");
  EXPECT_EQ(replaced.data_type, "string");
  EXPECT_EQ(replaced.is_secret, false);
  EXPECT_EQ(replaced.is_public, true);
  EXPECT_GT(replaced.updated_at, at("2026-01-02"));
}

TEST_F(ServerSettings, AreRemovedByKey) {
  for (const char* key : {"a", "b"})
    client.create_server_setting(db, {.key = key, .value = Json{"1"}, .data_type = "number"});
  client.delete_server_setting(db, "a");
  client.delete_server_setting(db, "unknown");
  EXPECT_THAT(each(client.list_server_settings(db), server_key), ElementsAre("b"));
}

class UserSettings : public SharedClient {
 protected:
  UserSetting add(const Uuid& user, std::string_view key,
                  std::optional<std::string_view> category = {}) {
    return client.create_user_setting(db, {.user_id = user,
                                           .key = key,
                                           .value = Json{"1"},
                                           .description = "d",
                                           .category = category,
                                           .data_type = "number"});
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

TEST_F(UserSettings, AreAddedOncePerUser) {
  const UserSetting added = add(ann, "theme", "look");
  EXPECT_EQ(client.get_user_setting(db, {.user_id = ann, .key = "theme"}), added);
  EXPECT_EQ(added.description, "d");
  EXPECT_EQ(added.category, "look");
  EXPECT_THROW(add(ann, "theme"), UniqueViolation);
  EXPECT_FALSE(client.get_user_setting(db, {.user_id = bea, .key = "theme"}));
  add(bea, "theme");
  EXPECT_TRUE(client.get_user_setting(db, {.user_id = bea, .key = "theme"}));
}

TEST_F(UserSettings, AreListedByCategoryAndKeyForOneUser) {
  add(ann, "d");
  add(ann, "b", "x");
  add(ann, "a", "x");
  add(ann, "c", "w");
  add(bea, "e", "x");
  EXPECT_THAT(each(client.list_user_settings(db, ann), user_key), ElementsAre("c", "a", "b", "d"));
  EXPECT_THAT(
      each(client.list_user_settings_by_category(db, {.user_id = ann, .category = "x"}), user_key),
      ElementsAre("a", "b"));
}

TEST_F(UserSettings, AreReplacedInValueOnly) {
  add(ann, "theme", "look");
  add(bea, "theme", "look");
  run("update shared.user_settings set updated_at = '2026-01-01'");
  const auto changed =
      client.update_user_setting(db, {.user_id = ann, .value = Json{"2"}, .key = "theme"});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->value, Json{"2"});
  EXPECT_EQ(changed->category, "look");
  EXPECT_GT(changed->updated_at, at("2026-01-02"));
  EXPECT_EQ(client.get_user_setting(db, {.user_id = bea, .key = "theme"})->value, Json{"1"});
  EXPECT_FALSE(client.update_user_setting(db, {.user_id = ann, .value = Json{"2"}, .key = "none"}));
}

TEST_F(UserSettings, AreUpsertedWithoutTouchingWhatDescribesThem) {
  const UserSetting added = client.upsert_user_setting(db, {.user_id = ann,
                                                            .key = "theme",
                                                            .value = Json{"1"},
                                                            .description = "first",
                                                            .category = "look",
                                                            .data_type = "number"});
  EXPECT_EQ(client.get_user_setting(db, {.user_id = ann, .key = "theme"}), added);
  run("update shared.user_settings set updated_at = '2026-01-01'");
  const UserSetting replaced = client.upsert_user_setting(
      db, {.user_id = ann, .key = "theme", .value = Json{"2"}, .data_type = "string"});
  EXPECT_EQ(replaced.value, Json{"2"});
  EXPECT_EQ(replaced.description, "first");
  EXPECT_EQ(replaced.category, "look");
  EXPECT_EQ(replaced.data_type, "number");
  EXPECT_GT(replaced.updated_at, at("2026-01-02"));
}

TEST_F(UserSettings, AreRemovedOneByOneOrAltogetherForOneUser) {
  for (const Uuid& user : {ann, bea})
    for (const char* key : {"a", "b", "c"})
      add(user, key);
  client.delete_user_setting(db, {.user_id = ann, .key = "b"});
  EXPECT_THAT(each(client.list_user_settings(db, ann), user_key), ElementsAre("a", "c"));
  client.delete_all_user_settings(db, ann);
  EXPECT_THAT(client.list_user_settings(db, ann), IsEmpty());
  EXPECT_THAT(each(client.list_user_settings(db, bea), user_key), ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace qm::test
