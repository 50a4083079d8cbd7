// What the tests of plugin tvshow have in common: a migrated database of their own, the client
// bound to it, and short ways to write rows and values down.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <quartermaster/connection.hpp>
#include <quartermaster/dynamic.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/host.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/tvshow.hpp>
#include <string>
#include <vector>

#include "test_database.hpp"

namespace qm::test {

inline Config tvshow_config(const std::string& url) {
  Config config;
  config.database.url = url;
  config.database.max_conns = 1;
  config.plugins.use_default_directory = false;
  config.plugins.directories = {QUARTERMASTER_PLUGIN_DIRECTORY};
  config.plugins.enabled = {"shared", "tvshow"};
  return config;
}

// 00000000-0000-0000-0000-000000000007 for 7: ids whose order a test can rely on.
inline Uuid uuid(std::uint8_t last) {
  Uuid id;
  id.bytes.back() = last;
  return id;
}

class TvshowClient : public testing::Test {
 protected:
  TvshowClient() : client((host_.pool(), tvshow::Client::bind(host_).value())) {}

  // Statements that set the scene or look behind it.
  void run(const std::string& sql) { host_.pool().acquire()->execute_script(sql); }
  std::string value(const std::string& sql) {
    return field_to_text(host_.pool().execute(sql).field(0, 0));
  }
  PooledConnection acquire() { return host_.pool().acquire(); }
  Uuid add_user(const std::string& name) {
    return Uuid::parse(value("insert into shared.users (username, email, password_hash) values ('" +
                             name + "', '" + name + "@example.org', 'h') returning id"));
  }
  // The series called 'series 1' to 'series n', with these numbers for ids and a season 1 each
  // whose id is 16 (hexadecimal 10) higher. Rows are stored in descending order here and in the
  // tests, so that no list is in order by chance.
  void add_series(int n) {
    run("insert into tvshow.series (id, title) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'series ' || n "
        "from generate_series(1, " +
        std::to_string(n) +
        ") as n order by n desc; "
        "insert into tvshow.seasons (id, series_id, season_number, name) "
        "select ('00000000-0000-0000-0000-00000000001' || right(id::text, 1))::uuid, id, 1, 'one' "
        "from tvshow.series");
  }

 private:
  TestDatabase database_{"tvshow_client",
                         [](const std::string& url) { Host(tvshow_config(url)).migrator().up(); }};
  Host host_{tvshow_config(database_.url())};

 protected:
  const tvshow::Client client;
  Executor& db = host_.pool();
};

inline Date day(const char* text) {
  return Date::parse(text);
}

// The last bytes of the ids of rows: the numbers they were given.
template <class Row>
std::vector<int> numbers(const std::vector<Row>& rows) {
  std::vector<int> found;
  for (const Row& row : rows)
    found.push_back(row.id.bytes.back());
  return found;
}

template <class Row, class Member>
std::vector<Member> each(const std::vector<Row>& rows, Member Row::*member) {
  std::vector<Member> values;
  for (const Row& row : rows)
    values.push_back(row.*member);
  return values;
}

}  // namespace qm::test
