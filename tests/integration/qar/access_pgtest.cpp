// The queries that guard the domain: the check, PINs, grants and the audit log.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Access : public Qar {
 protected:
  Uuid ada = user("ada");
  Uuid bob = user("bob");
  Uuid open = session(ada, "token of ada");
  Uuid other = session(bob, "token of bob");

  static TimestampTz hence(std::chrono::minutes time) {
    return TimestampTz(std::chrono::system_clock::now() + time);
  }
  // "enabled scoped unlocked" as far as they hold.
  std::string check(const Uuid& who, const Uuid& with) {
    const auto row = client.check_access(db, {.user_id = who, .session_id = with});
    return std::string(row.enabled ? "enabled " : "") + (row.scoped ? "scoped " : "") +
           (row.unlocked ? "unlocked" : "");
  }
  std::string grants() { return ask("select count(*) from qar.access_grants"); }
};

TEST_F(Access, NeedsALiveActiveUserWithTheFlag) {
  EXPECT_EQ(check(ada, open), "enabled scoped ");
  for (const char* change : {"qar_enabled = false", "qar_enabled = null", "is_active = false",
                             "is_active = null", "deleted_at = now()"}) {
    SCOPED_TRACE(change);
    sql("update shared.users set " + std::string(change));
    EXPECT_EQ(check(ada, open), "scoped ");
    sql("update shared.users set qar_enabled = true, is_active = true, deleted_at = null");
  }
  EXPECT_EQ(check(Uuid{}, Uuid{}), "") << "there is always an answer";
}

TEST_F(Access, NeedsAnOpenSessionOfTheUserWithTheScope) {
  EXPECT_EQ(check(ada, other), "enabled ") << "another user's session";
  for (const char* change : {"scopes = '{library:read}'", "scopes = null", "revoked_at = now()",
                             "expires_at = now() - interval '1 second'"}) {
    SCOPED_TRACE(change);
    sql("update shared.sessions set " + std::string(change));
    EXPECT_EQ(check(ada, open), "enabled ");
    sql("update shared.sessions set scopes = '{a,legacy:read}', revoked_at = null, expires_at = "
        "now() + interval '1 hour'");
  }
  EXPECT_EQ(check(ada, open), "enabled scoped ");
}

TEST_F(Access, AGrantUnlocksItsSessionForATime) {
  const Uuid second = session(ada, "second token of ada");
  const auto grant = client.create_access_grant(
      db, {.user_id = ada, .session_id = open, .expires_at = hence(std::chrono::minutes(5))});
  ASSERT_TRUE(grant);
  EXPECT_EQ(check(ada, open), "enabled scoped unlocked");
  EXPECT_EQ(check(ada, second), "enabled scoped ") << "another session of the same user";
  EXPECT_EQ(check(bob, open), "enabled ") << "the same session with another user";
  sql("update qar.access_grants set granted_at = now() - interval '2 hours', expires_at = now() - "
      "interval '1 hour'");
  EXPECT_EQ(check(ada, open), "enabled scoped ");

  const auto renewed = client.create_access_grant(
      db, {.user_id = ada, .session_id = open, .expires_at = hence(std::chrono::minutes(9))});
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->id, grant->id);
  EXPECT_GT(renewed->expires_at, grant->expires_at);
  EXPECT_GT(renewed->granted_at, grant->granted_at);
  EXPECT_EQ(check(ada, open), "enabled scoped unlocked");
  EXPECT_EQ(
      client.create_access_grant(
          db, {.user_id = bob, .session_id = open, .expires_at = hence(std::chrono::hours(9))}),
      std::nullopt)
      << "nobody prolongs the grant of another";
  EXPECT_THROW(client.create_access_grant(
                   db, {.user_id = bob, .session_id = other, .expires_at = TimestampTz(0)}),
               CheckViolation);
}

TEST_F(Access, GrantsAreRevokedBySessionOrUser) {
  const auto unlock = [&](const Uuid& who, const Uuid& with) {
    return client
        .create_access_grant(
            db, {.user_id = who, .session_id = with, .expires_at = hence(std::chrono::minutes(5))})
        .value()
        .id;
  };
  const Uuid first = unlock(ada, open);
  unlock(bob, other);
  EXPECT_EQ(client.revoke_access_grant(db, open), 1);
  EXPECT_EQ(client.revoke_access_grant(db, open), 0);
  EXPECT_EQ(check(ada, open), "enabled scoped ");
  EXPECT_EQ(check(bob, other), "enabled scoped unlocked");
  EXPECT_NE(unlock(ada, open), first) << "a new one beside the revoked one";

  unlock(ada, session(ada, "second"));
  EXPECT_EQ(client.revoke_user_access_grants(db, ada), 2);
  EXPECT_EQ(client.revoke_user_access_grants(db, ada), 0);
  EXPECT_EQ(check(bob, other), "enabled scoped unlocked");
  sql("delete from shared.sessions where user_id = '" + bob.to_string() + "'");
  EXPECT_EQ(grants(), "3") << "a grant ends with its session";
}

TEST_F(Access, ExpiredGrantsAreCleanedUp) {
  sql("insert into qar.access_grants (user_id, session_id, granted_at, expires_at, revoked_at) "
      "select user_id, id, '2024-01-01', expires, revoked from shared.sessions, (values "
      "(timestamptz '2024-01-02', timestamptz '2024-01-01 12:00'), (timestamptz '2024-01-02', "
      "null), (now() + interval '1 hour', timestamptz '2024-01-02')) as g (expires, revoked)");
  EXPECT_EQ(client.delete_expired_access_grants(db), 4);
  EXPECT_EQ(client.delete_expired_access_grants(db), 0);
  EXPECT_EQ(grants(), "2");
}

TEST_F(Access, APinLocksAfterTooManyFailures) {
  EXPECT_EQ(client.get_access_pin(db, ada), std::nullopt);
  EXPECT_EQ(client.record_pin_failure(db, {.user_id = ada, .max_attempts = 2, .lock_seconds = 60}),
            std::nullopt);
  const auto made = client.upsert_access_pin(db, {.user_id = ada, .pin_hash = "one"});
  EXPECT_EQ(made.failed_attempts, 0);
  EXPECT_EQ(client.get_access_pin(db, ada), made);

  const qar::RecordPinFailureParams wrong{.user_id = ada, .max_attempts = 2, .lock_seconds = 90.5};
  const auto first = client.record_pin_failure(db, wrong);
  EXPECT_EQ(first->failed_attempts, 1);
  EXPECT_EQ(first->locked_until, std::nullopt);
  const auto second = client.record_pin_failure(db, wrong);
  EXPECT_EQ(second->failed_attempts, 2);
  ASSERT_TRUE(second->locked_until);
  EXPECT_EQ(second->locked_until->micros - second->updated_at.micros, 90'500'000);

  EXPECT_EQ(client.reset_pin_failures(db, ada), 1);
  EXPECT_EQ(client.get_access_pin(db, ada)->failed_attempts, 0);
  EXPECT_EQ(client.get_access_pin(db, ada)->locked_until, std::nullopt);
  EXPECT_EQ(client.reset_pin_failures(db, bob), 0);
}

TEST_F(Access, ANewPinStartsAfresh) {
  const auto made = client.upsert_access_pin(db, {.user_id = ada, .pin_hash = "one"});
  client.record_pin_failure(db, {.user_id = ada, .max_attempts = 1, .lock_seconds = 60});
  const auto next = client.upsert_access_pin(db, {.user_id = ada, .pin_hash = "two"});
  EXPECT_EQ(next.pin_hash, "two");
  EXPECT_EQ(next.failed_attempts, 0);
  EXPECT_EQ(next.locked_until, std::nullopt);
  EXPECT_GT(next.changed_at, made.changed_at);
  EXPECT_EQ(next.created_at, made.created_at);
  EXPECT_THROW(client.upsert_access_pin(db, {.user_id = ada, .pin_hash = ""}), CheckViolation);
  EXPECT_EQ(client.delete_access_pin(db, ada), 1);
  EXPECT_EQ(client.delete_access_pin(db, ada), 0);
}

TEST_F(Access, EverythingIsWrittenDown) {
  client.append_access_log(db, {.user_id = ada,
                                .session_id = open,
                                .action = "view",
                                .resource_type = "voyage",
                                .resource_id = other,
                                .allowed = true,
                                .reason = "r",
                                .ip_address = Inet::parse("192.0.2.1"),
                                .user_agent = "browser"});
  client.append_access_log(db, {.action = "view", .allowed = false});
  const auto log = client.list_access_log(db, {.limit = all, .offset = 0});
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].user_id, std::nullopt) << "newest first";
  EXPECT_FALSE(log[0].allowed);
  EXPECT_EQ(log[1].session_id, open);
  EXPECT_EQ(log[1].resource_type, "voyage");
  EXPECT_EQ(log[1].resource_id, other);
  EXPECT_EQ(log[1].reason, "r");
  EXPECT_EQ(log[1].ip_address, Inet::parse("192.0.2.1"));
  EXPECT_EQ(log[1].user_agent, "browser");
  sql("delete from shared.users where id = '" + ada.to_string() + "'");
  EXPECT_EQ(client.list_access_log(db, {.limit = 1, .offset = 1}).at(0).session_id, open)
      << "the entry outlives user and session";
}

TEST_F(Access, TheLogIsFilteredCountedAndCut) {
  for (const auto& [who, allowed] : {std::pair(ada, true), {ada, false}, {bob, false}, {bob, true}})
    client.append_access_log(db, {.user_id = who, .action = "view", .allowed = allowed});
  sql("update qar.access_log set created_at = '2024-01-01 00:00+00'::timestamptz + (id - (select "
      "min(id) from qar.access_log)) * interval '1 day'");
  const auto list = [&](qar::ListAccessLogParams params) {
    params.limit = all;
    std::string found;
    for (const auto& entry : client.list_access_log(db, params))
      found +=
          std::to_string(Date(std::chrono::floor<std::chrono::days>(entry.created_at.time_point()))
                             .ymd()
                             .day()
                             .
                             operator unsigned());
    return found;
  };
  const auto second = TimestampTz::parse("2024-01-02 00:00:00+00");
  const auto third = TimestampTz::parse("2024-01-03 00:00:00+00");
  EXPECT_EQ(list({}), "4321");
  EXPECT_EQ(list({.user_id = ada}), "21");
  EXPECT_EQ(list({.allowed = false}), "32");
  EXPECT_EQ(list({.from_time = second}), "432");
  EXPECT_EQ(list({.to_time = third}), "21");
  EXPECT_EQ(list({.user_id = bob, .allowed = false, .from_time = second, .to_time = third}), "");
  EXPECT_EQ(client.list_access_log(db, {.limit = 2, .offset = 3}).size(), 1U);
  EXPECT_EQ(client.count_access_log(db, {}), 4);
  EXPECT_EQ(client.count_access_log(db, {.user_id = ada, .allowed = true}), 1);
  EXPECT_EQ(client.count_access_log(db, {.from_time = second, .to_time = third}), 1);

  EXPECT_EQ(client.delete_access_log_before(db, third), 2) << "strictly before";
  EXPECT_EQ(list({}), "43");
}

}  // namespace
}  // namespace qm::test
