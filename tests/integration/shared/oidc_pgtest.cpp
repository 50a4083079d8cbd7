// OpenID Connect providers: adding, patching, which one is the default, what goes with them.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::OidcProvider;
using testing::ElementsAre;

// Enabled, with endpoints, without mappings.
shared::CreateOIDCProviderParams provider(std::string_view name, std::string_view display_name) {
  return {.name = name,
          .display_name = display_name,
          .provider_type = "generic",
          .issuer_url = "https://id.example.org",
          .client_id = "client",
          .client_secret_encrypted = bytes("secret"),
          .authorization_endpoint = "/",
          .token_endpoint = "/",
          .userinfo_endpoint = "/",
          .jwks_uri = "/",
          .end_session_endpoint = "/",
          .scopes = {"openid"},
          .claim_mappings = Json{"{}"},
          .role_mappings = Json{"{}"},
          .is_enabled = true};
}

class OidcProviders : public SharedClient {
 protected:
  OidcProvider add(std::string_view name, bool is_enabled = true, bool is_default = false) {
    auto params = provider(name, name);
    params.is_enabled = is_enabled;
    params.is_default = is_default;
    return client.create_oidc_provider(db, params);
  }
  OidcProvider get(const Uuid& id) { return client.get_oidc_provider(db, id).value(); }
};

const auto provider_name = &OidcProvider::name;

// Every column that a patch can change, different from what add() stores.
shared::UpdateOIDCProviderParams everything_of(const Uuid& id) {
  return {.id = id,
          .display_name = "Shown",
          .provider_type = "keycloak",
          .issuer_url = "https://other.example.org",
          .client_id = "other",
          .client_secret_encrypted = bytes("new"),
          .authorization_endpoint = "/auth",
          .token_endpoint = "/token",
          .userinfo_endpoint = "/me",
          .jwks_uri = "/jwks",
          .end_session_endpoint = "/end",
          .scopes = std::vector<std::string>{"openid", "email"},
          .claim_mappings = Json{R"({"name": "n"})"},
          .role_mappings = Json{R"({"admins": "admin"})"},
          .auto_create_users = true,
          .update_user_info = true,
          .allow_linking = true,
          .is_enabled = false,
          .is_default = true};
}

void expect_everything(const OidcProvider& changed) {
  EXPECT_EQ(changed.display_name, "Shown");
  EXPECT_EQ(changed.provider_type, "keycloak");
  EXPECT_EQ(changed.issuer_url, "https://other.example.org");
  EXPECT_EQ(changed.client_id, "other");
  EXPECT_EQ(changed.client_secret_encrypted, bytes("new"));
  EXPECT_EQ(changed.authorization_endpoint, "/auth");
  EXPECT_EQ(changed.token_endpoint, "/token");
  EXPECT_EQ(changed.userinfo_endpoint, "/me");
  EXPECT_EQ(changed.jwks_uri, "/jwks");
  EXPECT_EQ(changed.end_session_endpoint, "/end");
  EXPECT_THAT(changed.scopes, ElementsAre("openid", "email"));
  EXPECT_EQ(changed.claim_mappings, Json{R"({"name": "n"})"});
  EXPECT_EQ(changed.role_mappings, Json{R"({"admins": "admin"})"});
  EXPECT_TRUE(changed.auto_create_users);
  EXPECT_TRUE(changed.update_user_info);
  EXPECT_TRUE(changed.allow_linking);
  EXPECT_FALSE(changed.is_enabled);
  EXPECT_TRUE(changed.is_default);
}

TEST_F(OidcProviders, AreAddedAsGivenAndFoundByIdAndName) {
  const auto all = everything_of({});
  const OidcProvider added =
      client.create_oidc_provider(db, {.name = "home",
                                       .display_name = *all.display_name,
                                       .provider_type = *all.provider_type,
                                       .issuer_url = *all.issuer_url,
                                       .client_id = *all.client_id,
                                       .client_secret_encrypted = *all.client_secret_encrypted,
                                       .authorization_endpoint = all.authorization_endpoint,
                                       .token_endpoint = all.token_endpoint,
                                       .userinfo_endpoint = all.userinfo_endpoint,
                                       .jwks_uri = all.jwks_uri,
                                       .end_session_endpoint = all.end_session_endpoint,
                                       .scopes = *all.scopes,
                                       .claim_mappings = *all.claim_mappings,
                                       .role_mappings = *all.role_mappings,
                                       .auto_create_users = true,
                                       .update_user_info = true,
                                       .allow_linking = true,
                                       .is_default = true});
  expect_everything(added);
  EXPECT_EQ(client.get_oidc_provider(db, added.id), added);
  EXPECT_EQ(client.get_oidc_provider_by_name(db, "home"), added);
  EXPECT_FALSE(client.get_oidc_provider_by_name(db, "Home"));
  EXPECT_FALSE(client.get_oidc_provider(db, uuid(1)));
  EXPECT_THROW(add("home"), UniqueViolation);

  auto params = provider("bare", "Bare");
  params.authorization_endpoint = params.token_endpoint = params.userinfo_endpoint =
      params.jwks_uri = params.end_session_endpoint = std::nullopt;
  const OidcProvider bare = client.create_oidc_provider(db, params);
  EXPECT_EQ(bare.authorization_endpoint, std::nullopt);
  EXPECT_EQ(bare.token_endpoint, std::nullopt);
  EXPECT_EQ(bare.userinfo_endpoint, std::nullopt);
  EXPECT_EQ(bare.jwks_uri, std::nullopt);
  EXPECT_EQ(bare.end_session_endpoint, std::nullopt);
}

TEST_F(OidcProviders, KeepWhatAnUpdateLeavesOut) {
  const OidcProvider added = add("home");
  add("other");
  run("alter table shared.oidc_providers disable trigger user;"
      "update shared.oidc_providers set updated_at = '2026-01-01';"
      "alter table shared.oidc_providers enable trigger user");
  const auto touched = client.update_oidc_provider(db, {.id = added.id});
  ASSERT_TRUE(touched);
  EXPECT_GT(touched->updated_at, at("2026-01-02"));
  OidcProvider same = *touched;
  same.updated_at = added.updated_at;
  EXPECT_EQ(same, added);

  const auto changed = client.update_oidc_provider(db, everything_of(added.id));
  ASSERT_TRUE(changed);
  expect_everything(*changed);
  EXPECT_EQ(changed->name, "home");
  EXPECT_EQ(get(added.id), *changed);
  EXPECT_EQ(client.get_oidc_provider_by_name(db, "other")->display_name, "other");
  EXPECT_FALSE(client.update_oidc_provider(db, {.id = uuid(1), .client_id = "x"}));
}

TEST_F(OidcProviders, HaveOneDefaultWhichCountsWhileItIsEnabled) {
  EXPECT_FALSE(client.get_default_oidc_provider(db));
  const Uuid first = add("first", true, true).id;
  const Uuid second = add("second").id;
  EXPECT_EQ(client.get_default_oidc_provider(db)->id, first);
  EXPECT_THROW(add("third", true, true), UniqueViolation);
  EXPECT_THROW(client.update_oidc_provider(db, {.id = second, .is_default = true}),
               UniqueViolation);
  client.set_default_oidc_provider(db);
  EXPECT_FALSE(client.get_default_oidc_provider(db));
  client.update_oidc_provider(db, {.id = second, .is_default = true});
  EXPECT_EQ(client.get_default_oidc_provider(db)->id, second);

  client.disable_oidc_provider(db, second);
  EXPECT_FALSE(client.get_default_oidc_provider(db));
  EXPECT_TRUE(get(second).is_default);
  EXPECT_TRUE(get(first).is_enabled);
  client.enable_oidc_provider(db, second);
  EXPECT_EQ(client.get_default_oidc_provider(db)->id, second);
}

TEST_F(OidcProviders, AreListedByDisplayNameThenId) {
  add("b");
  add("c", false);
  const OidcProvider twin = client.create_oidc_provider(db, provider("twin", "b"));
  run("update shared.oidc_providers set id = '00000000-0000-0000-0000-000000000001' where name ="
      " 'twin'");
  add("a");
  EXPECT_THAT(each(client.list_oidc_providers(db), provider_name),
              ElementsAre("a", "twin", "b", "c"));
  EXPECT_THAT(each(client.list_enabled_oidc_providers(db), provider_name),
              ElementsAre("a", "twin", "b"));
}

TEST_F(OidcProviders, AreRemovedWithLinksAndStates) {
  const Uuid home = add("home").id;
  const Uuid other = add("other").id;
  const Uuid ann = add_user("ann");
  for (const Uuid& id : {home, other}) {
    client.create_oidc_user_link(db, {.user_id = ann, .provider_id = id, .subject = "s"});
    client.create_oidc_state(
        db, {.state = id.to_string(), .provider_id = id, .expires_at = at("2100-01-01")});
  }
  client.delete_oidc_provider(db, home);
  EXPECT_THAT(each(client.list_oidc_providers(db), provider_name), ElementsAre("other"));
  EXPECT_EQ(client.count_user_oidc_links(db, ann), 1);
  EXPECT_FALSE(client.get_oidc_state(db, home.to_string()));
  EXPECT_TRUE(client.get_oidc_state(db, other.to_string()));
}

}  // namespace
}  // namespace qm::test
