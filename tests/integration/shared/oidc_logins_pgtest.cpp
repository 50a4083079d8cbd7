// Logins with OpenID Connect: links of users to the subjects of providers, and the states of logins
// that are on their way.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::ListUserOIDCLinksRow;
using shared::OidcState;
using shared::OidcUserLink;
using testing::ElementsAre;
using namespace std::chrono_literals;

class OidcLogins : public SharedClient {
 protected:
  Uuid add_provider(const std::string& name) {
    return Uuid::parse(
        value("insert into shared.oidc_providers (name, display_name, issuer_url,"
              " client_id, client_secret_encrypted) values ('" +
              name + "', upper('" + name + "'), '/', 'c', 's') returning id"));
  }

  const Uuid home = add_provider("home");
  const Uuid work = add_provider("work");
};

class OidcLinks : public OidcLogins {
 protected:
  OidcUserLink add(const Uuid& user, const Uuid& id, std::string_view subject) {
    return client.create_oidc_user_link(db,
                                        {.user_id = user, .provider_id = id, .subject = subject});
  }
  OidcUserLink get(const Uuid& id) { return client.get_oidc_user_link(db, id).value(); }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

TEST_F(OidcLinks, AreAddedWithALoginNowAndFoundEveryWay) {
  const TimestampTz before = now();
  const OidcUserLink full =
      client.create_oidc_user_link(db, {.user_id = ann,
                                        .provider_id = home,
                                        .subject = "s1",
                                        .email = "a@example.org",
                                        .name = "Ann",
                                        .picture_url = "/a.png",
                                        .access_token_encrypted = bytes("access"),
                                        .refresh_token_encrypted = bytes("refresh"),
                                        .token_expires_at = at("2100-01-01")});
  EXPECT_GE(full.last_login_at, before);
  EXPECT_EQ(full.email, "a@example.org");
  EXPECT_EQ(full.name, "Ann");
  EXPECT_EQ(full.picture_url, "/a.png");
  EXPECT_EQ(full.access_token_encrypted, bytes("access"));
  EXPECT_EQ(full.refresh_token_encrypted, bytes("refresh"));
  EXPECT_EQ(full.token_expires_at, at("2100-01-01"));
  EXPECT_EQ(get(full.id), full);
  EXPECT_EQ(client.get_oidc_user_link_by_subject(db, {.provider_id = home, .subject = "s1"}), full);
  EXPECT_EQ(
      client.get_oidc_user_link_by_user_and_provider(db, {.user_id = ann, .provider_id = home}),
      full);
  EXPECT_FALSE(client.get_oidc_user_link_by_subject(db, {.provider_id = work, .subject = "s1"}));
  EXPECT_FALSE(client.get_oidc_user_link_by_subject(db, {.provider_id = home, .subject = "S1"}));
  EXPECT_FALSE(
      client.get_oidc_user_link_by_user_and_provider(db, {.user_id = bea, .provider_id = home}));
  EXPECT_FALSE(client.get_oidc_user_link(db, uuid(1)));

  EXPECT_EQ(add(ann, work, "s1").email, std::nullopt);
  EXPECT_THROW(add(ann, home, "s2"), UniqueViolation) << "one subject a user";
  EXPECT_THROW(add(bea, home, "s1"), UniqueViolation) << "one user a subject";
}

TEST_F(OidcLinks, AreListedOldestFirstWithTheirProviders) {
  add(ann, home, "s1");
  add(ann, work, "s2");
  add(bea, work, "s3");
  run("update shared.oidc_user_links set created_at = '2026-01-01' where subject = 's2'");
  EXPECT_THAT(each(client.list_user_oidc_links(db, ann), &ListUserOIDCLinksRow::subject),
              ElementsAre("s2", "s1"));
  const auto rows = client.list_user_oidc_links(db, bea);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].provider_id, work);
  EXPECT_EQ(rows[0].provider_name, "work");
  EXPECT_EQ(rows[0].provider_display_name, "WORK");
  EXPECT_EQ(client.count_user_oidc_links(db, ann), 2);
  EXPECT_EQ(client.count_user_oidc_links(db, uuid(1)), 0);

  run("update shared.oidc_user_links set created_at = '2026-01-01'");
  const auto subjects_with_ids = [&](const Uuid& s1, const Uuid& s2) {
    run("update shared.oidc_user_links set id = '" + s1.to_string() + "' where subject = 's1';" +
        "update shared.oidc_user_links set id = '" + s2.to_string() + "' where subject = 's2'");
    return each(client.list_user_oidc_links(db, ann), &ListUserOIDCLinksRow::subject);
  };
  EXPECT_THAT(subjects_with_ids(uuid(1), uuid(2)), ElementsAre("s1", "s2"));
  EXPECT_THAT(subjects_with_ids(uuid(4), uuid(3)), ElementsAre("s2", "s1"));
}

TEST_F(OidcLinks, KeepWhatAnUpdateLeavesOut) {
  const OidcUserLink added =
      client.create_oidc_user_link(db, {.user_id = ann,
                                        .provider_id = home,
                                        .subject = "s1",
                                        .email = "old@example.org",
                                        .name = "Old",
                                        .picture_url = "/old.png",
                                        .access_token_encrypted = bytes("old"),
                                        .refresh_token_encrypted = bytes("old"),
                                        .token_expires_at = at("2099-01-01")});
  const auto changed = client.update_oidc_user_link(db, {.id = added.id,
                                                         .email = "new@example.org",
                                                         .name = "New",
                                                         .picture_url = "/new.png",
                                                         .access_token_encrypted = bytes("a"),
                                                         .refresh_token_encrypted = bytes("r"),
                                                         .token_expires_at = at("2100-01-01"),
                                                         .last_login_at = at("2026-01-01")});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->email, "new@example.org");
  EXPECT_EQ(changed->name, "New");
  EXPECT_EQ(changed->picture_url, "/new.png");
  EXPECT_EQ(changed->access_token_encrypted, bytes("a"));
  EXPECT_EQ(changed->refresh_token_encrypted, bytes("r"));
  EXPECT_EQ(changed->token_expires_at, at("2100-01-01"));
  EXPECT_EQ(changed->last_login_at, at("2026-01-01"));
  EXPECT_GT(changed->updated_at, added.updated_at) << "by trigger";

  auto same = client.update_oidc_user_link(db, {.id = added.id}).value();
  same.updated_at = changed->updated_at;
  EXPECT_EQ(same, *changed);
  EXPECT_FALSE(client.update_oidc_user_link(db, {.id = uuid(1), .name = "x"}));
}

TEST_F(OidcLinks, NoteALogin) {
  const Uuid link = add(ann, home, "s1").id;
  const Uuid other = add(bea, home, "s2").id;
  run("update shared.oidc_user_links set last_login_at = '2026-01-01 00:00+00'");
  client.update_oidc_user_link_last_login(db, link);
  EXPECT_GT(get(link).last_login_at, at("2026-01-01"));
  EXPECT_EQ(get(other).last_login_at, at("2026-01-01"));
}

TEST_F(OidcLinks, AreRemovedByIdOrByUserAndProvider) {
  const Uuid first = add(ann, home, "s1").id;
  add(ann, work, "s2");
  add(bea, work, "s3");
  client.delete_oidc_user_link(db, first);
  EXPECT_FALSE(client.get_oidc_user_link(db, first));
  EXPECT_EQ(client.count_user_oidc_links(db, ann), 1);
  client.delete_oidc_user_link_by_user_and_provider(db, {.user_id = ann, .provider_id = home});
  EXPECT_EQ(client.count_user_oidc_links(db, ann), 1);
  client.delete_oidc_user_link_by_user_and_provider(db, {.user_id = ann, .provider_id = work});
  EXPECT_EQ(client.count_user_oidc_links(db, ann), 0);
  EXPECT_EQ(client.count_user_oidc_links(db, bea), 1);
}

class OidcStates : public OidcLogins {
 protected:
  OidcState add(std::string_view state, const Uuid& id, TimestampTz expires_at) {
    return client.create_oidc_state(db,
                                    {.state = state, .provider_id = id, .expires_at = expires_at});
  }
  std::string states() {
    return value(
        "select coalesce(string_agg(state, ' ' order by state), '') "
        "from shared.oidc_states");
  }

  const TimestampTz soon = now() + 10min;
};

TEST_F(OidcStates, AreAddedAsGivenAndFoundByState) {
  const Uuid ann = add_user("ann");
  const OidcState full = client.create_oidc_state(db, {.state = "s1",
                                                       .code_verifier = "verifier",
                                                       .nonce = "nonce",
                                                       .provider_id = home,
                                                       .user_id = ann,
                                                       .redirect_url = "/back",
                                                       .expires_at = soon});
  EXPECT_EQ(client.get_oidc_state(db, "s1"), full);
  EXPECT_EQ(full.code_verifier, "verifier");
  EXPECT_EQ(full.nonce, "nonce");
  EXPECT_EQ(full.user_id, ann);
  EXPECT_EQ(full.redirect_url, "/back");
  EXPECT_EQ(full.expires_at, soon);
  const OidcState bare = add("s2", home, soon);
  EXPECT_EQ(bare.code_verifier, std::nullopt);
  EXPECT_EQ(bare.nonce, std::nullopt);
  EXPECT_EQ(bare.user_id, std::nullopt);
  EXPECT_EQ(bare.redirect_url, std::nullopt);
  EXPECT_THROW(add("s1", work, soon), UniqueViolation);
  EXPECT_FALSE(client.get_oidc_state(db, "S1"));
}

TEST_F(OidcStates, AreNotFoundOnceExpired) {
  add("old", home, now());
  EXPECT_FALSE(client.get_oidc_state(db, "old"));
  EXPECT_EQ(states(), "old");
}

TEST_F(OidcStates, AreRemovedOneByOneWhenExpiredOrByProvider) {
  add("a", home, soon);
  add("b", home, soon);
  add("c", work, soon);
  add("old", work, now());
  add("older", work, at("2026-01-01"));
  client.delete_oidc_state(db, "a");
  EXPECT_EQ(states(), "b c old older");
  EXPECT_EQ(client.delete_expired_oidc_states(db), 2);
  EXPECT_EQ(client.delete_expired_oidc_states(db), 0);
  EXPECT_EQ(states(), "b c");
  client.delete_oidc_states_by_provider(db, home);
  EXPECT_EQ(states(), "c");
}

}  // namespace
}  // namespace qm::test
