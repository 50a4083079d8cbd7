// What the tests of plugin movie have in common: a migrated database of their own, the client
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
#include <quartermaster/movie.hpp>
#include <quartermaster/pool.hpp>
#include <string>
#include <vector>

#include "test_database.hpp"

namespace qm::test {

inline Config movie_config(const std::string& url) {
  Config config;
  config.database.url = url;
  config.database.max_conns = 1;
  config.plugins.use_default_directory = false;
  config.plugins.directories = {QUARTERMASTER_PLUGIN_DIRECTORY};
  config.plugins.enabled = {"shared", "movie"};
  return config;
}

class MovieClient : public testing::Test {
 protected:
  MovieClient() : client((host_.pool(), movie::Client::bind(host_).value())) {}

  // Statements that set the scene or look behind it.
  void run(const std::string& sql) { host_.pool().acquire()->execute_script(sql); }
  std::string value(const std::string& sql) {
    return field_to_text(host_.pool().execute(sql).field(0, 0));
  }
  // Movies written as rows of the given columns; the column id takes a number, see uuid().
  void add_movies(const std::string& columns, const std::string& rows) {
    run("create temp table scene as select * from (values " + rows + ") as scene (id, " + columns +
        "); insert into movie.movies (id, " + columns +
        ") select ('00000000-0000-0000-0000-' || lpad(to_hex(id), 12, '0'))::uuid, " + columns +
        " from scene; drop table scene");
  }
  Uuid add_user(const std::string& name) {
    return Uuid::parse(value("insert into shared.users (username, email, password_hash) values ('" +
                             name + "', '" + name + "@example.org', 'h') returning id"));
  }
  Uuid add_movie(const std::string& title) {
    return Uuid::parse(
        value("insert into movie.movies (title) values ('" + title + "') returning id"));
  }

 private:
  TestDatabase database_{"movie_client",
                         [](const std::string& url) { Host(movie_config(url)).migrator().up(); }};
  Host host_{movie_config(database_.url())};

 protected:
  const movie::Client client;
  Pool& db = host_.pool();
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

// The numbers that uuid() made the ids of.
template <class Rows>
std::vector<int> numbers(const Rows& rows) {
  std::vector<int> out;
  for (const auto& row : rows)
    out.push_back(row.id.bytes.back());
  return out;
}

template <class Rows>
std::vector<std::string> titles(const Rows& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows)
    out.push_back(row.title);
  return out;
}

template <class Rows>
std::vector<std::string> names(const Rows& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows)
    out.push_back(row.name);
  return out;
}

}  // namespace qm::test
