// What the tests of generated clients have in common: a database with the schema of schema/, the
// client of library/ and a pool.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <string>
#include <vector>

#include "command.hpp"
#include "database_text.hpp"
#include "library.hpp"
#include "test_database.hpp"

namespace qm::test {

inline std::string source_text(const std::string& file) {
  return contents(std::string(GENERATED_SOURCES) + "/" + file);
}

class GeneratedClient : public testing::Test {
 protected:
  std::int64_t author(const std::string& name) {
    return client.create_author(db, {.name = name, .mood = library::Mood::ok}).id;
  }
  const std::string& url() const { return url_; }
  Pool& pool() { return pool_; }
  std::string ask(const std::string& query) { return column(database_.url(), query); }

 private:
  static void build(const std::string& url) {
    run_sql(url, source_text("schema/1_library.up.sql"));
    run_sql(url,
            "create schema audit; create table audit.authors (id bigint not null, "
            "happened timestamptz not null default now())");
    run_sql(url, source_text("schema/10_functions.up.sql"));
    run_sql(url, source_text("schema/11_houses.up.sql"));
  }
  static DatabaseConfig on(const std::string& url) {
    DatabaseConfig config;
    config.url = url;
    config.max_conns = 1;
    return config;
  }

  TestDatabase database_{"generated_client", build};
  std::string url_ = database_.url();
  Pool pool_{pool_config(on(database_.url()))};

 protected:
  const library::Client client;
  Executor& db = pool_;
};

}  // namespace qm::test
