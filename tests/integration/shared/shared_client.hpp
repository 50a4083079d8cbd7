// What the tests of plugin shared have in common: a migrated database of their own, the client
// bound to it, and short ways to write rows and values down.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <quartermaster/connection.hpp>
#include <quartermaster/dynamic.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/host.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/shared.hpp>
#include <string>
#include <vector>

#include "test_database.hpp"

namespace qm::test {

inline Config shared_config(const std::string& url) {
  Config config;
  config.database.url = url;
  config.database.max_conns = 1;
  config.plugins.use_default_directory = false;
  config.plugins.directories = {QUARTERMASTER_PLUGIN_DIRECTORY};
  config.plugins.enabled = {"shared"};
  return config;
}

class SharedClient : public testing::Test {
 protected:
  SharedClient() : client((host_.pool(), shared::Client::bind(host_).value())) {}

  // Statements that set the scene or look behind it.
  void run(const std::string& sql) { host_.pool().acquire()->execute_script(sql); }
  std::string value(const std::string& sql) {
    return field_to_text(host_.pool().execute(sql).field(0, 0));
  }
  TimestampTz now() { return TimestampTz::parse(value("select clock_timestamp()")); }
  Uuid add_user(const std::string& name) {
    return Uuid::parse(value("insert into shared.users (username, email, password_hash) values ('" +
                             name + "', '" + name + "@example.org', 'h') returning id"));
  }

 private:
  TestDatabase database_{"shared_client",
                         [](const std::string& url) { Host(shared_config(url)).migrator().up(); }};
  Host host_{shared_config(database_.url())};

 protected:
  const shared::Client client;
  Executor& db = host_.pool();
};

// 00000000-0000-0000-0000-000000000007 for 7: ids whose order a test can rely on.
inline Uuid uuid(std::uint8_t last) {
  Uuid id;
  id.bytes.back() = last;
  return id;
}

// Midnight UTC of a day written as "2026-01-01".
inline TimestampTz at(const std::string& day) {
  return TimestampTz::parse(day + " 00:00:00+00");
}

inline TimestampTz operator+(TimestampTz time, std::chrono::microseconds span) {
  return TimestampTz(time.micros + span.count());
}

inline Bytes bytes(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

template <class Row, class Member>
std::vector<Member> each(const std::vector<Row>& rows, Member Row::*member) {
  std::vector<Member> values;
  for (const Row& row : rows)
    values.push_back(row.*member);
  return values;
}

}  // namespace qm::test
