// Backup codes, a user's settings for second factors, and what both come to with the factors.
#include <functional>

#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::MfaBackupCode;
using shared::UserMfaSetting;
using testing::ElementsAre;
using testing::IsEmpty;

class SecondFactor : public SharedClient {
 protected:
  void add_code(std::uint8_t id, const std::string& user, const std::string& hash,
                const std::string& created = "2026-01-01", const std::string& used = "null") {
    run("insert into public.mfa_backup_codes (id, user_id, code_hash, created_at, used_at) "
        "select '" +
        uuid(id).to_string() + "', id, '" + hash + "', '" + created + "', " + used +
        " from shared.users where username = '" + user + "'");
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

class BackupCodes : public SecondFactor {};

TEST_F(BackupCodes, AreListedAndCountedUntilUsedNewestFirst) {
  add_code(1, "ann", "old");
  add_code(3, "ann", "tie", "2026-01-02");
  add_code(2, "ann", "first of tie", "2026-01-02");
  add_code(4, "ann", "used", "2026-01-03", "now()");
  add_code(5, "bea", "hers");
  EXPECT_THAT(each(client.get_unused_backup_codes(db, ann), &MfaBackupCode::code_hash),
              ElementsAre("first of tie", "tie", "old"));
  EXPECT_EQ(client.count_unused_backup_codes(db, ann), 3);
  EXPECT_THAT(client.get_unused_backup_codes(db, uuid(9)), IsEmpty());
}

TEST_F(BackupCodes, AreStoredTogetherOrNotAtAll) {
  const std::vector<shared::CreateBackupCodesParams> codes{{.user_id = ann, .code_hash = "a"},
                                                           {.user_id = ann, .code_hash = "b"},
                                                           {.user_id = bea, .code_hash = "a"}};
  EXPECT_EQ(client.create_backup_codes(db, codes), 3);
  EXPECT_EQ(client.count_unused_backup_codes(db, ann), 2);
  const auto stored = client.get_backup_code_by_hash(db, {.user_id = bea, .code_hash = "a"});
  EXPECT_EQ(stored->used_at, std::nullopt);
  EXPECT_EQ(client.create_backup_codes(db, {}), 0);

  const std::vector<shared::CreateBackupCodesParams> bad{{.user_id = bea, .code_hash = "c"},
                                                         {.user_id = bea, .code_hash = ""}};
  EXPECT_THROW(client.create_backup_codes(db, bad), CheckViolation);
  EXPECT_EQ(client.count_unused_backup_codes(db, bea), 1);
}

TEST_F(BackupCodes, AreFoundByHashUntilUsedOldestFirst) {
  add_code(1, "ann", "same", "2026-01-02");
  add_code(3, "ann", "same");
  add_code(2, "ann", "same");
  add_code(4, "ann", "used", "2026-01-01", "now()");
  EXPECT_EQ(client.get_backup_code_by_hash(db, {.user_id = ann, .code_hash = "same"})->id, uuid(2));
  EXPECT_FALSE(client.get_backup_code_by_hash(db, {.user_id = ann, .code_hash = "used"}));
  EXPECT_FALSE(client.get_backup_code_by_hash(db, {.user_id = bea, .code_hash = "same"}));
}

TEST_F(BackupCodes, AreUsedOnceAndByTheirOwner) {
  add_code(1, "ann", "a");
  add_code(2, "ann", "b");
  client.use_backup_code(db, {.id = uuid(1), .user_id = bea});
  EXPECT_EQ(client.count_unused_backup_codes(db, ann), 2);
  const auto address = Inet::parse("192.0.2.1");
  client.use_backup_code(db, {.id = uuid(1), .user_id = ann, .used_from_ip = address});
  EXPECT_THAT(each(client.get_unused_backup_codes(db, ann), &MfaBackupCode::id),
              ElementsAre(uuid(2)));
  const std::string used = value("select c::text from public.mfa_backup_codes as c order by id");
  EXPECT_THAT(used, testing::HasSubstr("192.0.2.1"));
  client.use_backup_code(db, {.id = uuid(1), .user_id = ann});
  EXPECT_EQ(value("select c::text from public.mfa_backup_codes as c order by id"), used);
}

TEST_F(BackupCodes, AreRemovedForOneUserUsedOnesToo) {
  add_code(1, "ann", "a");
  add_code(2, "ann", "b", "2026-01-01", "now()");
  add_code(3, "bea", "c");
  client.delete_all_backup_codes(db, ann);
  EXPECT_EQ(value("select string_agg(code_hash, ' ') from public.mfa_backup_codes"), "c");
}

class MfaSettings : public SecondFactor {
 protected:
  UserMfaSetting settings(const Uuid& user) {
    return client.get_user_mfa_settings(db, user).value();
  }

  UserMfaSetting add(const Uuid& user, const std::string& devices = "[]") {
    return client.create_user_mfa_settings(db, {.user_id = user,
                                                .backup_codes_generated = true,
                                                .remember_device_duration_days = 14,
                                                .trusted_devices = Json{devices}});
  }
};

TEST_F(MfaSettings, AreStoredOnceAsGiven) {
  EXPECT_FALSE(client.get_user_mfa_settings(db, ann));
  const UserMfaSetting stored = add(ann, R"(["tv"])");
  EXPECT_EQ(settings(ann), stored);
  EXPECT_TRUE(stored.backup_codes_generated);
  EXPECT_FALSE(stored.remember_device_enabled) << "the given value, not the default";
  EXPECT_EQ(stored.remember_device_duration_days, 14);
  EXPECT_EQ(stored.trusted_devices, Json{R"(["tv"])"});
  EXPECT_THROW(add(ann), UniqueViolation);
  EXPECT_THROW(add(bea, "{}"), CheckViolation);
}

TEST_F(MfaSettings, AreChangedOneByOneForOneUser) {
  add(ann);
  const UserMfaSetting other = add(bea);
  client.update_mfa_settings_totp_enabled(db, {.user_id = ann, .totp_enabled = true});
  EXPECT_TRUE(settings(ann).totp_enabled);
  client.update_mfa_settings_web_authn_enabled(db, {.user_id = ann, .webauthn_enabled = true});
  EXPECT_TRUE(settings(ann).webauthn_enabled);
  client.update_mfa_settings_backup_codes_generated(
      db, {.user_id = ann, .backup_codes_generated = false});
  EXPECT_FALSE(settings(ann).backup_codes_generated);
  client.update_mfa_settings_require_mfa(db, {.user_id = ann, .require_mfa = true});
  EXPECT_TRUE(settings(ann).require_mfa);
  client.update_mfa_settings_remember_device(
      db, {.user_id = ann, .remember_device_enabled = true, .remember_device_duration_days = 90});
  EXPECT_TRUE(settings(ann).remember_device_enabled);
  EXPECT_EQ(settings(ann).remember_device_duration_days, 90);
  EXPECT_TRUE(settings(ann).totp_enabled);
  EXPECT_EQ(settings(bea), other);
  EXPECT_THROW(client.update_mfa_settings_remember_device(db, {.user_id = ann}), CheckViolation);
}

TEST_F(MfaSettings, CollectTrustedDevices) {
  add(ann);
  const UserMfaSetting other = add(bea, R"(["hers"])");
  for (const char* device : {R"({"id": 1})", R"("tv")", R"([2, {"id": 3}])", R"("tv")"})
    client.add_trusted_device(db, {.user_id = ann, .device = Json{device}});
  EXPECT_EQ(settings(ann).trusted_devices, Json{R"([{"id": 1}, "tv", 2, {"id": 3}, "tv"])"});
  client.clear_trusted_devices(db, ann);
  EXPECT_EQ(settings(ann).trusted_devices, Json{"[]"});
  EXPECT_EQ(settings(bea), other);
}

TEST_F(MfaSettings, NoteEveryChange) {
  add(ann);
  const std::vector<std::function<void()>> changes{
      [&] { client.update_mfa_settings_totp_enabled(db, {.user_id = ann}); },
      [&] { client.update_mfa_settings_web_authn_enabled(db, {.user_id = ann}); },
      [&] { client.update_mfa_settings_backup_codes_generated(db, {.user_id = ann}); },
      [&] { client.update_mfa_settings_require_mfa(db, {.user_id = ann}); },
      [&] {
        client.update_mfa_settings_remember_device(
            db, {.user_id = ann, .remember_device_duration_days = 1});
      },
      [&] { client.add_trusted_device(db, {.user_id = ann, .device = Json{"1"}}); },
      [&] { client.clear_trusted_devices(db, ann); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    run("update public.user_mfa_settings set updated_at = '2026-01-01'");
    changes[i]();
    EXPECT_GT(settings(ann).updated_at, at("2026-01-02")) << i;
  }
}

TEST_F(MfaSettings, AreRemovedForOneUser) {
  add(ann);
  add(bea);
  client.delete_user_mfa_settings(db, ann);
  EXPECT_FALSE(client.get_user_mfa_settings(db, ann));
  EXPECT_TRUE(client.get_user_mfa_settings(db, bea));
}

class MfaStatus : public SecondFactor {
 protected:
  void add_credential(const Uuid& user, std::string_view id) {
    client.create_web_authn_credential(db, {.user_id = user,
                                            .credential_id = bytes(id),
                                            .public_key = bytes("key"),
                                            .attestation_type = "none",
                                            .user_present = true});
  }
};

TEST_F(MfaStatus, IsThereForUsersWithoutAnything) {
  EXPECT_EQ(client.get_user_mfa_status(db, ann), shared::GetUserMFAStatusRow{});
  EXPECT_FALSE(client.has_any_mfa_method(db, ann));
}

TEST_F(MfaStatus, CountsWhatCanBeUsed) {
  client.create_totp_secret(db, {.user_id = ann, .encrypted_secret = bytes("s")});
  EXPECT_FALSE(client.get_user_mfa_status(db, ann).has_totp) << "not enabled yet";
  EXPECT_FALSE(client.has_any_mfa_method(db, ann));
  client.enable_totp(db, ann);
  EXPECT_TRUE(client.has_any_mfa_method(db, ann));
  add_credential(ann, "c1");
  add_credential(ann, "c2");
  add_code(1, "ann", "a");
  add_code(2, "ann", "b", "2026-01-01", "now()");
  client.create_user_mfa_settings(db, {.user_id = ann,
                                       .require_mfa = true,
                                       .remember_device_duration_days = 1,
                                       .trusted_devices = Json{"[]"}});
  EXPECT_EQ(
      client.get_user_mfa_status(db, ann),
      (shared::GetUserMFAStatusRow{
          .has_totp = true, .webauthn_count = 2, .unused_backup_codes = 1, .require_mfa = true}));
  EXPECT_EQ(client.get_user_mfa_status(db, bea), shared::GetUserMFAStatusRow{});
}

TEST_F(MfaStatus, TakesACredentialForAMethodButNoBackupCode) {
  add_code(1, "ann", "a");
  EXPECT_FALSE(client.has_any_mfa_method(db, ann));
  add_credential(ann, "c1");
  EXPECT_TRUE(client.has_any_mfa_method(db, ann));
  EXPECT_FALSE(client.has_any_mfa_method(db, bea));
}

}  // namespace
}  // namespace qm::test
