// A connection by itself: how it is opened, what it knows of the server, and scripts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pools.hpp"
#include "refusal.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::unique_ptr<Connection> open(const std::string& url) {
  return Connection::open({.url = url}, Clock::now() + 10s);
}

TEST(OpenedConnection, KnowsItsServer) {
  const TestDatabase database;
  const auto connection = open(database.url());
  EXPECT_EQ(connection->transaction_status(), Connection::TransactionStatus::idle);
  EXPECT_FALSE(connection->is_broken());
  EXPECT_EQ(std::to_string(connection->backend_pid()),
            column(*connection, "select pg_backend_pid()::text"));
  EXPECT_EQ(std::to_string(connection->server_version()),
            column(*connection, "select current_setting('server_version_num')"));
  EXPECT_EQ(connection->parameter_status("integer_datetimes"), "on");
  EXPECT_EQ(connection->parameter_status("nonsense"), "");
}

// What the codecs rely on cannot be configured away.
TEST(OpenedConnection, SpeaksUtf8WhateverTheUrlSays) {
  const TestDatabase database;
  const auto connection = open(database.url() + " client_encoding=LATIN1");
  EXPECT_EQ(column(*connection, "show client_encoding"), "UTF8");
  EXPECT_EQ(column(*connection, "select chr(8364)"), "€");
}

TEST(OpenedConnection, IsNamedUnlessTheUrlNamesIt) {
  const TestDatabase database;
  EXPECT_EQ(column(*open(database.url()), "show application_name"), "quartermaster");
  EXPECT_EQ(column(*open(database.url() + " application_name=mine"), "show application_name"),
            "mine");
}

TEST(OpenedConnection, TellsWhyThereIsNone) {
  const TestDatabase database;
  EXPECT_THAT(refusal<ConnectError>([&] { open(database.url() + " user=nobody_of_that_name"); }),
              AllOf(HasSubstr("does not exist"), HasSubstr("[28000]")));
  EXPECT_THAT(refusal<ConnectError>([&] {
                Connection::open({.url = "host=127.0.0.1 port=1 password=sesame"},
                                 Clock::now() + 10s);
              }),
              AllOf(HasSubstr("Connection refused"), Not(HasSubstr("sesame"))));
  EXPECT_THAT(refusal<ConfigError>([] { open("host"); }), HasSubstr("database.url"));
  EXPECT_THAT(
      refusal<ConnectError>([&] { Connection::open({.url = database.url()}, Clock::now() - 1s); }),
      HasSubstr("no answer within"));
}

TEST(Scripts, GiveTheirLastResult) {
  const TestDatabase database;
  const auto connection = open(database.url());
  const Result result = connection->execute_script("create table t (i int); select 1; select 'x'");
  ASSERT_EQ(result.rows(), 1);
  EXPECT_EQ(std::string_view(result.field(0, 0).data), "x");
  EXPECT_EQ(result.field(0, 0).format, 0) << "text";
  EXPECT_EQ(connection->execute_script("").rows(), 0);
}

TEST(Scripts, AreOneTransaction) {
  const TestDatabase database;
  const auto connection = open(database.url());
  connection->execute("create table t (i int)");
  try {
    connection->execute_script("insert into t values (1); select 1/0; select nothing", {}, "fill");
    FAIL() << "divided";
  } catch (const ServerError& error) {
    EXPECT_EQ(error.sqlstate(), "22012") << "the first error";
    EXPECT_THAT(error.what(), HasSubstr("fill"));
  }
  EXPECT_EQ(column(*connection, "select count(*) from t"), "0");
  EXPECT_EQ(connection->transaction_status(), Connection::TransactionStatus::idle);
}

TEST(Scripts, HaveDeadlines) {
  const TestDatabase database;
  const auto connection = open(database.url());
  EXPECT_THROW(connection->execute_script("select pg_sleep(60)", {Clock::now() + 20ms}),
               QueryTimeout);
  EXPECT_EQ(column(*connection, "select 1"), "1");
}

}  // namespace
}  // namespace qm::test
