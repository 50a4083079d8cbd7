// What belongs to an account: preferences, which are patched, and avatars, of which one is current.
#include <functional>

#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::UserAvatar;
using shared::UserPreferences;
using testing::ElementsAre;

class UserPreferencesQueries : public SharedClient {};

TEST_F(UserPreferencesQueries, AreFirstStoredAsGivenNullsIncluded) {
  const Uuid ann = add_user("ann");
  EXPECT_FALSE(client.get_user_preferences(db, ann));
  const UserPreferences stored = client.upsert_user_preferences(db, {.user_id = ann});
  EXPECT_EQ(client.get_user_preferences(db, ann), stored);
  EXPECT_EQ(value("select count(*) from shared.user_preferences where num_nonnulls("
                  "email_notifications, push_notifications, digest_notifications,"
                  "profile_visibility, show_email, show_activity, theme, display_language,"
                  "content_language, metadata_language, show_adult_content, show_spoilers,"
                  "auto_play_videos) = 0"),
            "1");
}

TEST_F(UserPreferencesQueries, KeepWhatALaterWriteLeavesOut) {
  const Uuid ann = add_user("ann");
  client.upsert_user_preferences(db, {.user_id = ann,
                                      .email_notifications = Json{R"({"enabled": false})"},
                                      .push_notifications = Json{"{}"},
                                      .digest_notifications = Json{"[]"},
                                      .profile_visibility = "friends",
                                      .show_email = true,
                                      .show_activity = false,
                                      .theme = "dark",
                                      .display_language = "fr",
                                      .content_language = "fr,en",
                                      .metadata_language = "de",
                                      .show_adult_content = true,
                                      .show_spoilers = true,
                                      .auto_play_videos = false});
  run("update shared.user_preferences set updated_at = '2026-01-01'");
  const UserPreferences patched = client.upsert_user_preferences(
      db, {.user_id = ann, .show_email = false, .metadata_language = "ja"});
  EXPECT_EQ(patched.show_email, false);
  EXPECT_EQ(patched.metadata_language, "ja");
  EXPECT_EQ(patched.email_notifications, Json{R"({"enabled": false})"});
  EXPECT_EQ(patched.push_notifications, Json{"{}"});
  EXPECT_EQ(patched.digest_notifications, Json{"[]"});
  EXPECT_EQ(patched.profile_visibility, "friends");
  EXPECT_EQ(patched.show_activity, false);
  EXPECT_EQ(patched.theme, "dark");
  EXPECT_EQ(patched.display_language, "fr");
  EXPECT_EQ(patched.content_language, "fr,en");
  EXPECT_EQ(patched.show_adult_content, true);
  EXPECT_EQ(patched.show_spoilers, true);
  EXPECT_EQ(patched.auto_play_videos, false);
  EXPECT_GT(patched.updated_at, patched.created_at);
}

TEST_F(UserPreferencesQueries, AreDroppedForOneUser) {
  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
  client.upsert_user_preferences(db, {.user_id = ann, .theme = "dark"});
  client.upsert_user_preferences(db, {.user_id = bea, .theme = "dark"});
  client.delete_user_preferences(db, ann);
  EXPECT_FALSE(client.get_user_preferences(db, ann));
  EXPECT_TRUE(client.get_user_preferences(db, bea));
  EXPECT_EQ(client.upsert_user_preferences(db, {.user_id = ann}).theme, std::nullopt);
}

class Avatars : public SharedClient {
 protected:
  UserAvatar add(std::int32_t version) {
    client.unset_current_avatars(db, ann);
    return client.create_avatar(db, {.user_id = ann,
                                     .file_path = "/a.png",
                                     .file_size_bytes = 5'000'000'000,
                                     .mime_type = "image/png",
                                     .width = 64,
                                     .height = 32,
                                     .version = version});
  }

  const Uuid ann = add_user("ann");
};

TEST_F(Avatars, BecomeCurrentAndThereIsOne) {
  const UserAvatar first = add(1);
  EXPECT_EQ(first.is_current, true);
  EXPECT_EQ(first.is_animated, std::nullopt) << "the given null, not the default";
  EXPECT_EQ(first.file_size_bytes, 5'000'000'000);
  EXPECT_EQ(client.get_current_avatar(db, ann), first);
  EXPECT_THROW(client.create_avatar(db, {.user_id = ann,
                                         .file_path = "/b.png",
                                         .file_size_bytes = 1,
                                         .mime_type = "image/png",
                                         .width = 1,
                                         .height = 1,
                                         .is_animated = true,
                                         .version = 2,
                                         .uploaded_from_ip = Inet::parse("192.0.2.1"),
                                         .uploaded_from_user_agent = "test"}),
               UniqueViolation);
  const UserAvatar second = add(2);
  EXPECT_EQ(client.get_current_avatar(db, ann)->id, second.id);
  EXPECT_EQ(client.get_avatar_by_id(db, first.id)->is_current, false);
}

TEST_F(Avatars, CanBeMadeCurrentAgain) {
  const UserAvatar first = add(1);
  const UserAvatar second = add(2);
  EXPECT_THROW(client.set_current_avatar(db, first.id), UniqueViolation);
  client.unset_current_avatars(db, ann);
  EXPECT_FALSE(client.get_current_avatar(db, ann));
  client.set_current_avatar(db, first.id);
  EXPECT_EQ(client.get_current_avatar(db, ann)->id, first.id);
  EXPECT_EQ(client.get_avatar_by_id(db, second.id)->is_current, false);
}

TEST_F(Avatars, NoteTheirChangesAndNoOthers) {
  const UserAvatar first = add(1);
  const UserAvatar second = add(2);
  const auto is_noted = [&](const UserAvatar& avatar) {
    return value("select updated_at > '2026-01-02' from shared.user_avatars where id = '" +
                 avatar.id.to_string() + "'") == "t";
  };
  const std::vector<std::function<void()>> changes{
      [&] { client.unset_current_avatars(db, ann); },
      [&] { client.set_current_avatar(db, second.id); },
      [&] { client.delete_avatar(db, second.id); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    run("update shared.user_avatars set updated_at = '2026-01-01'");
    changes[i]();
    EXPECT_TRUE(is_noted(second)) << i;
    EXPECT_FALSE(is_noted(first)) << i;
  }
}

TEST_F(Avatars, OfOthersStayCurrent) {
  run("insert into shared.users (username, email, password_hash) values ('bea', 'b', 'h');"
      "insert into shared.user_avatars (user_id, file_path, file_size_bytes, mime_type, width,"
      " height) select id, '/b', 1, 'image/png', 1, 1 from shared.users where username = 'bea'");
  client.unset_current_avatars(db, ann);
  EXPECT_EQ(value("select count(*) from shared.user_avatars where is_current"), "1");
}

TEST_F(Avatars, AreSoftDeletedWithTheirFlagAndCountAsVersions) {
  EXPECT_EQ(client.get_latest_avatar_version(db, ann), 0);
  const UserAvatar first = add(1);
  const UserAvatar second = add(2);
  client.delete_avatar(db, second.id);
  EXPECT_FALSE(client.get_current_avatar(db, ann));
  EXPECT_FALSE(client.get_avatar_by_id(db, second.id));
  EXPECT_EQ(value("select is_current from shared.user_avatars where version = 2"), "t");
  EXPECT_EQ(client.get_latest_avatar_version(db, ann), 2);
  EXPECT_EQ(client.get_latest_avatar_version(db, uuid(1)), 0);

  const std::string deleted =
      value("select a::text from shared.user_avatars as a where version = 2");
  client.delete_avatar(db, second.id);
  client.set_current_avatar(db, second.id);
  client.unset_current_avatars(db, ann);
  EXPECT_EQ(value("select a::text from shared.user_avatars as a where version = 2"), deleted);

  client.hard_delete_avatar(db, second.id);
  client.hard_delete_avatar(db, first.id);
  EXPECT_EQ(client.get_latest_avatar_version(db, ann), 0);
}

TEST_F(Avatars, AreListedByVersionThenId) {
  add(1);
  add(3);
  run("insert into shared.user_avatars (id, user_id, file_path, file_size_bytes, mime_type, width,"
      " height, version, is_current, deleted_at) select '00000000-0000-0000-0000-000000000001', id,"
      " '/same version', 1, 'image/png', 1, 1, 3, false, null::timestamptz from shared.users "
      "union all select gen_random_uuid(), id, '/gone', 1, 'image/png', 1, 1, 4, false, now()"
      " from shared.users");
  const std::vector<UserAvatar> all = client.list_user_avatars(db, {.user_id = ann, .limit = 10});
  EXPECT_THAT(each(all, &UserAvatar::version), ElementsAre(3, 3, 1));
  EXPECT_EQ(all[0].id, uuid(1));
  EXPECT_THAT(each(client.list_user_avatars(db, {.user_id = ann, .limit = 1, .offset = 2}),
                   &UserAvatar::version),
              ElementsAre(1));
}

}  // namespace
}  // namespace qm::test
