// The factors a user signs in with second: one-time passwords, from enrolment to removal, and
// WebAuthn credentials.
#include <functional>

#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::UserTotpSecret;
using shared::WebauthnCredential;
using testing::ElementsAre;

class OneTimePassword : public SharedClient {
 protected:
  UserTotpSecret secret(const Uuid& user) { return client.get_user_totp_secret(db, user).value(); }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

TEST_F(OneTimePassword, IsEnrolledUnverifiedAndOnce) {
  EXPECT_FALSE(client.get_user_totp_secret(db, ann));
  const UserTotpSecret created =
      client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s1")});
  EXPECT_EQ(secret(ann), created);
  EXPECT_EQ(created.encrypted_secret, bytes("s1"));
  EXPECT_FALSE(created.enabled);
  EXPECT_EQ(created.verified_at, std::nullopt);
  EXPECT_EQ(created.last_used_code, std::nullopt);
  EXPECT_THROW(client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s2")}),
               UniqueViolation);
  EXPECT_THROW(client.create_totp_secret(db, {.user_id = bea, .encrypted_secret = {}}),
               CheckViolation);
}

TEST_F(OneTimePassword, IsVerifiedOnceAndEnrolledAnew) {
  client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s1")});
  client.create_totp_secret(db, {.user_id = bea, .encrypted_secret = bytes("s1")});
  client.verify_totp_secret(db, ann);
  const UserTotpSecret verified = secret(ann);
  EXPECT_TRUE(verified.enabled);
  EXPECT_TRUE(verified.verified_at);
  EXPECT_FALSE(secret(bea).enabled);

  client.disable_totp(db, ann);
  client.verify_totp_secret(db, ann);
  EXPECT_FALSE(secret(ann).enabled) << "a second verification enables nothing";
  EXPECT_EQ(secret(ann).verified_at, verified.verified_at);

  client.update_totp_last_used(db, {.user_id = ann, .last_used_code = "123456"});
  client.enable_totp(db, ann);
  client.update_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s2")});
  const UserTotpSecret anew = secret(ann);
  EXPECT_EQ(anew.encrypted_secret, bytes("s2"));
  EXPECT_FALSE(anew.enabled);
  EXPECT_EQ(anew.verified_at, std::nullopt);
  EXPECT_EQ(anew.last_used_code, "123456");
  EXPECT_EQ(secret(bea).encrypted_secret, bytes("s1"));
}

TEST_F(OneTimePassword, IsSwitchedOnAndOffVerifiedOrNot) {
  client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s1")});
  client.enable_totp(db, ann);
  EXPECT_TRUE(secret(ann).enabled);
  EXPECT_EQ(secret(ann).verified_at, std::nullopt);
  client.disable_totp(db, ann);
  EXPECT_FALSE(secret(ann).enabled);
}

TEST_F(OneTimePassword, NotesEveryChange) {
  client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s1")});
  const std::vector<std::function<void()>> changes{
      [&] { client.verify_totp_secret(db, ann); }, [&] { client.disable_totp(db, ann); },
      [&] { client.enable_totp(db, ann); },
      [&] { client.update_totp_last_used(db, {.user_id = ann}); },
      [&] { client.update_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s2")}); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    run("update public.user_totp_secrets set updated_at = '2026-01-01'");
    changes[i]();
    EXPECT_GT(secret(ann).updated_at, at("2026-01-02")) << i;
  }
}

TEST_F(OneTimePassword, RemembersTheCodeItWasUsedWith) {
  client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s1")});
  const TimestampTz before = now();
  client.update_totp_last_used(db, {.user_id = ann, .last_used_code = "000123"});
  EXPECT_EQ(secret(ann).last_used_code, "000123");
  EXPECT_GE(secret(ann).last_used_at, before);
  client.update_totp_last_used(db, {.user_id = ann});
  EXPECT_EQ(secret(ann).last_used_code, std::nullopt);
}

TEST_F(OneTimePassword, IsRemovedForOneUser) {
  client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s1")});
  client.create_totp_secret(db, {.user_id = bea, .encrypted_secret = bytes("s1")});
  client.delete_totp_secret(db, ann);
  EXPECT_FALSE(client.get_user_totp_secret(db, ann));
  EXPECT_TRUE(client.get_user_totp_secret(db, bea));
}

class WebAuthn : public SharedClient {
 protected:
  WebauthnCredential add_credential(const Uuid& user, std::string_view id) {
    return client.create_web_authn_credential(db, {.user_id = user,
                                                   .credential_id = bytes(id),
                                                   .public_key = bytes("key"),
                                                   .attestation_type = "none",
                                                   .user_present = true});
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

TEST_F(WebAuthn, CredentialIsAddedUnusedAndFoundByBothIds) {
  const WebauthnCredential full =
      client.create_web_authn_credential(db, {.user_id = ann,
                                              .credential_id = bytes("c1"),
                                              .public_key = bytes("key"),
                                              .attestation_type = "packed",
                                              .transports = std::vector<std::string>{"usb", "nfc"},
                                              .backup_eligible = true,
                                              .backup_state = true,
                                              .user_present = false,
                                              .user_verified = true,
                                              .aaguid = bytes("0123456789abcdef"),
                                              .name = "key ring"});
  EXPECT_EQ(client.get_web_authn_credential(db, full.id), full);
  EXPECT_EQ(client.get_web_authn_credential_by_credential_id(db, bytes("c1")), full);
  EXPECT_EQ(full.sign_count, 0);
  EXPECT_FALSE(full.clone_detected);
  EXPECT_EQ(full.last_used_at, std::nullopt);
  EXPECT_EQ(full.public_key, bytes("key"));
  EXPECT_EQ(full.attestation_type, "packed");
  EXPECT_EQ(full.transports, (std::vector<std::string>{"usb", "nfc"}));
  EXPECT_TRUE(full.backup_eligible);
  EXPECT_TRUE(full.backup_state);
  EXPECT_FALSE(full.user_present);
  EXPECT_TRUE(full.user_verified);
  EXPECT_EQ(full.aaguid, bytes("0123456789abcdef"));
  EXPECT_EQ(full.name, "key ring");
  EXPECT_THROW(add_credential(bea, "c1"), UniqueViolation) << "not even for another user";

  const WebauthnCredential bare = add_credential(ann, "c2");
  EXPECT_EQ(bare.transports, std::nullopt);
  EXPECT_EQ(bare.aaguid, std::nullopt);
  EXPECT_EQ(bare.name, std::nullopt);
  EXPECT_FALSE(client.get_web_authn_credential(db, uuid(1)));
  EXPECT_FALSE(client.get_web_authn_credential_by_credential_id(db, bytes("c3")));
}

TEST_F(WebAuthn, CredentialsAreListedLastUsedFirstThenNewest) {
  const auto add = [&](int id, const Uuid& user, const char* name, const char* created,
                       const char* used = "null") {
    run("insert into public.webauthn_credentials (id, user_id, credential_id, public_key,"
        " attestation_type, name, created_at, last_used_at) values ('" +
        uuid(std::uint8_t(id)).to_string() + "', '" + user.to_string() + "', '" + name +
        "', 'k', 'none', '" + name + "', '" + created + "', " + used + ")");
  };
  add(1, ann, "unused", "2026-01-01");
  add(2, ann, "unused, newer", "2026-01-02");
  add(4, ann, "tie", "2026-01-01", "'2026-02-01'");
  add(3, ann, "first of tie", "2026-01-01", "'2026-02-01'");
  add(5, ann, "latest", "2026-01-01", "'2026-02-02'");
  add(6, bea, "hers", "2026-01-01");
  EXPECT_THAT(each(client.list_web_authn_credentials(db, ann), &WebauthnCredential::name),
              ElementsAre("latest", "first of tie", "tie", "unused, newer", "unused"));
  EXPECT_EQ(client.count_web_authn_credentials(db, ann), 5);
  EXPECT_EQ(client.count_web_authn_credentials(db, bea), 1);
  EXPECT_EQ(client.count_web_authn_credentials(db, uuid(1)), 0);
}

TEST_F(WebAuthn, CredentialNotesItsUseAndItsClones) {
  const Uuid used = add_credential(ann, "c1").id;
  const Uuid other = add_credential(ann, "c2").id;
  const TimestampTz before = now();
  client.update_web_authn_counter(db, {.credential_id = bytes("c1"), .sign_count = 7});
  EXPECT_EQ(client.get_web_authn_credential(db, used)->sign_count, 7);
  EXPECT_GE(client.get_web_authn_credential(db, used)->last_used_at, before);
  client.update_web_authn_counter(db, {.credential_id = bytes("c1"), .sign_count = 3});
  EXPECT_EQ(client.get_web_authn_credential(db, used)->sign_count, 3) << "the caller compares";
  client.mark_web_authn_clone_detected(db, bytes("c1"));
  EXPECT_TRUE(client.get_web_authn_credential(db, used)->clone_detected);
  EXPECT_EQ(client.get_web_authn_credential(db, other)->sign_count, 0);
  EXPECT_FALSE(client.get_web_authn_credential(db, other)->clone_detected);
}

TEST_F(WebAuthn, CredentialIsRenamedAndRemovedByItsOwner) {
  const Uuid id = add_credential(ann, "c1").id;
  client.update_web_authn_credential_name(db, {.id = id, .name = "phone"});
  EXPECT_EQ(client.get_web_authn_credential(db, id)->name, "phone");
  client.update_web_authn_credential_name(db, {.id = id});
  EXPECT_EQ(client.get_web_authn_credential(db, id)->name, std::nullopt);
  client.delete_web_authn_credential(db, {.id = id, .user_id = bea});
  EXPECT_TRUE(client.get_web_authn_credential(db, id));
  client.delete_web_authn_credential(db, {.id = id, .user_id = ann});
  EXPECT_FALSE(client.get_web_authn_credential(db, id));
}

}  // namespace
}  // namespace qm::test
