// A migrated database with a host that has the plugin qar enabled, its client, and short ways to
// put rows in: what every test of a query starts from.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <quartermaster/host.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/qar.hpp>
#include <string>
#include <vector>

#include "database_text.hpp"
#include "test_database.hpp"

namespace qm::test {

inline Config config_for(const std::string& url, std::vector<std::string> enabled) {
  Config config;
  config.database.url = url;
  config.database.max_conns = 2;
  config.plugins.use_default_directory = false;
  config.plugins.directories = {QUARTERMASTER_TEST_PLUGIN_DIR};
  config.plugins.enabled = std::move(enabled);
  return config;
}

class Qar : public testing::Test {
 protected:
  // Every row, in lists that have a page.
  static constexpr std::int64_t all = 100;

  void sql(const std::string& statements) { run_sql(database.url(), statements); }
  std::string ask(const std::string& query) { return column(database.url(), query); }
  Uuid ask_id(const std::string& query) { return Uuid::parse(ask(query)); }

  Uuid user(const std::string& name) {
    return ask_id(
        "insert into shared.users (username, email, password_hash, qar_enabled) values ('" + name +
        "', '" + name + "@example.org', 'x', true) returning id");
  }
  Uuid session(const Uuid& of, const std::string& token) {
    return ask_id(
        "insert into shared.sessions (user_id, token_hash, scopes, expires_at) values ('" +
        of.to_string() + "', '" + token + "', '{legacy:read}', now() + '1 hour') returning id");
  }
  Uuid fleet(std::string_view name = "fleet", std::string_view type = "voyage") {
    return client
        .create_fleet(db, {.name = name,
                           .fleet_type = type,
                           .paths = {"/srv"},
                           .enabled = true,
                           .fingerprint_on_scan = true})
        .id;
  }
  Uuid port(std::string_view name) { return client.create_port(db, {.name = name}).id; }
  Uuid crew(std::string_view name) { return client.create_crew(db, {.name = name}).id; }
  Uuid flag(std::string_view name) { return client.create_flag(db, {.name = name}).id; }
  Uuid voyage(const Uuid& of, std::string_view title, std::optional<Date> launch = {}) {
    return client.create_voyage(db, {.fleet_id = of, .title = title, .launch_date = launch}).id;
  }
  Uuid expedition(const Uuid& of, std::string_view title, std::optional<Date> launch = {}) {
    return client.create_expedition(db, {.fleet_id = of, .title = title, .launch_date = launch}).id;
  }
  Uuid treasure(const Uuid& of, std::string_view title) {
    return client
        .create_treasure(
            db, {.fleet_id = of, .title = title, .folder_path = "/g/" + std::string(title)})
        .id;
  }

  // The order of rows that compare equal but for their ids.
  static std::vector<Uuid> sorted(std::vector<Uuid> ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  TestDatabase database{"qar_migrated", [](const std::string& url) {
                          Host(config_for(url, {"qar"})).migrator().up();
                        }};
  Host host{config_for(database.url(), {"qar"})};
  Pool& db = host.pool();
  qar::Client client = qar::Client::bind(host).value();
};

template <class Row>
std::vector<Uuid> ids(const std::vector<Row>& rows) {
  std::vector<Uuid> out;
  for (const Row& row : rows)
    out.push_back(row.id);
  return out;
}

template <class Row>
std::vector<std::string> names(const std::vector<Row>& rows) {
  std::vector<std::string> out;
  for (const Row& row : rows)
    out.push_back(row.name);
  return out;
}

template <class Row>
std::vector<std::string> titles(const std::vector<Row>& rows) {
  std::vector<std::string> out;
  for (const Row& row : rows)
    out.push_back(row.title);
  return out;
}

inline Date day(const char* text) {
  return Date::parse(text);
}

using Texts = std::vector<std::string>;

}  // namespace qm::test
