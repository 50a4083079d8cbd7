// Attempts to sign in that failed: how they are noted, counted and forgotten.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

class LoginAttempts : public SharedClient {
 protected:
  LoginAttempts() {
    run("insert into shared.failed_login_attempts (username, ip_address, attempted_at) values"
        " ('ann', '192.0.2.1', '2026-01-01'), ('ann', '192.0.2.2', '2026-01-02'),"
        " ('bea', '192.0.2.1', '2026-01-03')");
  }
  std::int64_t of_name(const char* name, const TimestampTz& since) {
    return client.count_failed_login_attempts_by_username(db, {.username = name, .since = since});
  }
  std::int64_t of_address(const char* address, const TimestampTz& since) {
    return client.count_failed_login_attempts_by_ip(db, {.ip_address = address, .since = since});
  }
};

TEST_F(LoginAttempts, AreNotedNow) {
  const TimestampTz before = now();
  client.record_failed_login_attempt(db, {.username = "nobody", .ip_address = "2001:db8::1"});
  EXPECT_EQ(of_name("nobody", before), 1);
  EXPECT_EQ(of_address("2001:db8::1", before), 1);
  EXPECT_EQ(of_name("nobody", now()), 0);
}

TEST_F(LoginAttempts, AreCountedAfterAnInstant) {
  EXPECT_EQ(of_name("ann", at("2025-12-31")), 2);
  EXPECT_EQ(of_name("ann", at("2026-01-01")), 1) << "the instant does not count itself";
  EXPECT_EQ(of_name("Ann", at("2025-12-31")), 0);
  EXPECT_EQ(of_address("192.0.2.1", at("2025-12-31")), 2);
  EXPECT_EQ(of_address("192.0.2.1", at("2026-01-02")), 1);
  EXPECT_EQ(of_address("192.0.2", at("2025-12-31")), 0);
}

TEST_F(LoginAttempts, AreForgottenByName) {
  client.clear_failed_login_attempts_by_username(db, "ann");
  EXPECT_EQ(of_name("ann", at("2025-12-31")), 0);
  EXPECT_EQ(of_address("192.0.2.1", at("2025-12-31")), 1) << "Bea's";
}

TEST_F(LoginAttempts, AreForgottenAfterADay) {
  run("update shared.failed_login_attempts set attempted_at = now() - case ip_address "
      "when '192.0.2.2' then interval '23 hours' else interval '25 hours' end");
  client.delete_old_failed_login_attempts(db);
  EXPECT_EQ(value("select string_agg(username || ' ' || ip_address, ',') from "
                  "shared.failed_login_attempts"),
            "ann 192.0.2.2");
}

}  // namespace
}  // namespace qm::test
