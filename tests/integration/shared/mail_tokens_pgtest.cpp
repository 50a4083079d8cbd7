// Tokens that are mailed: to set a new password, and to confirm an address.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::EmailVerificationToken;
using shared::PasswordResetToken;

class MailTokens : public SharedClient {
 protected:
  std::string hashes(const std::string& table, const std::string& condition = "true") {
    return value("select coalesce(string_agg(token_hash, ' ' order by id), '') from shared." +
                 table + " where " + condition);
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

// Tokens whose hashes tell their state: fresh and late are Ann's and usable, old has expired, used
// was used 6 days ago, worn 8 days ago, hers is Bea's.
constexpr const char* six_tokens =
    " select ('00000000-0000-0000-0000-00000000000' || n)::uuid, u.id, hash,"
    " now() + days * interval '1 day', now() - used * interval '1 day' "
    "from (values (1, 'ann', 'fresh', 1, null), (2, 'ann', 'late', 2, null),"
    " (3, 'ann', 'old', -1, null), (4, 'ann', 'used', 1, 6), (5, 'ann', 'worn', 1, 8),"
    " (6, 'bea', 'hers', 1, null)) as t (n, username, hash, days, used)"
    " join shared.users as u using (username) order by n desc";

class PasswordResetTokens : public MailTokens {
 protected:
  PasswordResetTokens() {
    run(std::string("insert into shared.password_reset_tokens (id, user_id, token_hash, "
                    "expires_at, used_at)") +
        six_tokens);
  }
  std::string resets(const std::string& condition = "true") {
    return hashes("password_reset_tokens", condition);
  }
};

TEST_F(PasswordResetTokens, AreIssuedUnused) {
  const PasswordResetToken token =
      client.create_password_reset_token(db, {.user_id = ann,
                                              .token_hash = "new",
                                              .ip_address = Inet::parse("192.0.2.1"),
                                              .user_agent = "agent",
                                              .expires_at = at("2100-01-01")});
  EXPECT_EQ(client.get_password_reset_token(db, "new"), token);
  EXPECT_EQ(token.user_id, ann);
  EXPECT_EQ(token.ip_address, Inet::parse("192.0.2.1"));
  EXPECT_EQ(token.user_agent, "agent");
  EXPECT_EQ(token.expires_at, at("2100-01-01"));
  EXPECT_EQ(token.used_at, std::nullopt);
  const PasswordResetToken bare = client.create_password_reset_token(
      db, {.user_id = bea, .token_hash = "bare", .expires_at = at("2100-01-01")});
  EXPECT_EQ(bare.ip_address, std::nullopt);
  EXPECT_EQ(bare.user_agent, std::nullopt);
  EXPECT_THROW(client.create_password_reset_token(
                   db, {.user_id = bea, .token_hash = "new", .expires_at = at("2100-01-01")}),
               UniqueViolation);
}

TEST_F(PasswordResetTokens, AreGoodOnceAndInTime) {
  EXPECT_EQ(client.get_password_reset_token(db, "fresh")->id, uuid(1));
  for (const char* hash : {"old", "used", "worn", ""})
    EXPECT_EQ(client.get_password_reset_token(db, hash), std::nullopt) << hash;
  client.mark_password_reset_token_used(db, uuid(1));
  EXPECT_EQ(client.get_password_reset_token(db, "fresh"), std::nullopt);
  client.mark_password_reset_token_used(db, uuid(5));
  EXPECT_EQ(resets("used_at > now() - interval '1 hour'"), "fresh worn") << "the time changes";
}

TEST_F(PasswordResetTokens, OfAUserGoOutOfUseTogether) {
  client.invalidate_user_password_reset_tokens(db, ann);
  EXPECT_EQ(resets("used_at > now() - interval '1 hour'"), "fresh late old");
  EXPECT_EQ(resets("used_at is null"), "hers");
}

TEST_F(PasswordResetTokens, ArePrunedOnceExpiredOrUsedForAWeek) {
  client.delete_used_password_reset_tokens(db);
  EXPECT_EQ(resets(), "fresh late old used hers");
  client.delete_expired_password_reset_tokens(db);
  EXPECT_EQ(resets(), "fresh late used hers");
}

class EmailVerificationTokens : public MailTokens {
 protected:
  EmailVerificationTokens() {
    run(std::string("insert into shared.email_verification_tokens (id, user_id, token_hash, "
                    "expires_at, verified_at, email) select t.*, 'a@example.org' from (") +
        six_tokens + ") as t");
  }
  std::string verifications(const std::string& condition = "true") {
    return hashes("email_verification_tokens", condition);
  }
};

TEST_F(EmailVerificationTokens, AreIssuedUnused) {
  const EmailVerificationToken token =
      client.create_email_verification_token(db, {.user_id = ann,
                                                  .token_hash = "new",
                                                  .email = "Ann@Example.org",
                                                  .ip_address = Inet::parse("192.0.2.1"),
                                                  .user_agent = "agent",
                                                  .expires_at = at("2100-01-01")});
  EXPECT_EQ(client.get_email_verification_token(db, "new"), token);
  EXPECT_EQ(token.user_id, ann);
  EXPECT_EQ(token.email, "Ann@Example.org");
  EXPECT_EQ(token.ip_address, Inet::parse("192.0.2.1"));
  EXPECT_EQ(token.user_agent, "agent");
  EXPECT_EQ(token.verified_at, std::nullopt);
  EXPECT_THROW(client.create_email_verification_token(db, {.user_id = bea,
                                                           .token_hash = "new",
                                                           .email = "b@example.org",
                                                           .expires_at = at("2100-01-01")}),
               UniqueViolation);
}

TEST_F(EmailVerificationTokens, AreGoodOnceAndInTime) {
  EXPECT_EQ(client.get_email_verification_token(db, "fresh")->id, uuid(1));
  for (const char* hash : {"old", "used", "worn", ""})
    EXPECT_EQ(client.get_email_verification_token(db, hash), std::nullopt) << hash;
  client.mark_email_verification_token_used(db, uuid(1));
  EXPECT_EQ(client.get_email_verification_token(db, "fresh"), std::nullopt);
  client.mark_email_verification_token_used(db, uuid(5));
  EXPECT_EQ(verifications("verified_at > now() - interval '1 hour'"), "fresh worn");
}

TEST_F(EmailVerificationTokens, GoOutOfUseByUserOrByAddress) {
  run("update shared.email_verification_tokens set email = 'b@example.org' where token_hash in "
      "('late', 'hers', 'worn')");
  client.invalidate_email_verification_tokens_by_email(db, "B@example.org");
  EXPECT_EQ(verifications("verified_at is null"), "fresh late old hers") << "letters count";
  client.invalidate_email_verification_tokens_by_email(db, "b@example.org");
  EXPECT_EQ(verifications("verified_at > now() - interval '1 hour'"), "late hers")
      << "earlier times stay";
  client.invalidate_user_email_verification_tokens(db, ann);
  EXPECT_EQ(verifications("verified_at > now() - interval '1 hour'"), "fresh late old hers");
  EXPECT_EQ(verifications("verified_at is null"), "");
}

TEST_F(EmailVerificationTokens, ArePrunedOnceExpiredOrUsedForAWeek) {
  client.delete_verified_email_tokens(db);
  EXPECT_EQ(verifications(), "fresh late old used hers");
  client.delete_expired_email_verification_tokens(db);
  EXPECT_EQ(verifications(), "fresh late used hers");
}

}  // namespace
}  // namespace qm::test
