// Databases of a server: made, copied, dropped, built once as templates. Needs the server's
// programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <thread>

#include "database_text.hpp"
#include "refusal.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Another database of the server, under a name that no other test has; gone with the test.
class Copy {
 public:
  explicit Copy(std::string name) : name_(std::move(name)) {}
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() { embedded::drop_database(server_url(), name_); }
  const std::string& name() const { return name_; }
  std::string url() const { return database_url(name_); }

 private:
  std::string name_;
};

class Databases : public ::testing::Test {
 protected:
  bool exists(const std::string& name) const {
    return column(server_url(), "select count(*) from pg_database where datname = $name$" + name +
                                    "$name$") == "1";
  }

  const TestDatabase database;
};

TEST_F(Databases, HaveAnyName) {
  for (const std::string& suffix :
       {std::string(R"( "quoted" 'and' \slashed)"), std::string("; drop database postgres"),
        std::string(" füße/π"), std::string("?a=b&c#d%20"), std::string(" host=nowhere")}) {
    const Copy copy(database.name() + suffix);
    embedded::create_database(server_url(), copy.name());
    EXPECT_EQ(column(copy.url(), "select current_database()"), copy.name());
    EXPECT_TRUE(exists(copy.name()));
    embedded::drop_database(server_url(), copy.name());
    EXPECT_FALSE(exists(copy.name()));
  }
}

TEST_F(Databases, ServersUrlTakesAnyName) {
  const auto server = embedded::Server::start();
  const std::string name = R"(a "b" 'c' \ /?#%&=ü)";
  embedded::create_database(server.url(), name);
  EXPECT_EQ(column(server.url(name), "select current_database()"), name);
}

TEST_F(Databases, AreCopied) {
  run_sql(database.url(), "create table t as select 42 as a");
  const Copy copy(database.name() + "_copy");
  embedded::create_database(server_url(), copy.name(), database.name());
  EXPECT_EQ(column(copy.url(), "select a from t"), "42");
  run_sql(copy.url(), "update t set a = 1");
  EXPECT_EQ(column(database.url(), "select a from t"), "42");
}

TEST_F(Databases, CopyWaitsForASourceInUse) {
  auto user = connect(database.url());
  const Copy copy(database.name() + "_copy");
  auto copied = std::async(std::launch::async, [&] {
    embedded::create_database(server_url(), copy.name(), database.name());
  });
  const auto watcher = connect(server_url());
  EXPECT_TRUE(becomes(*watcher,
                      "select count(*) from pg_stat_activity where state = 'active' and query like "
                      "'create database%" +
                          copy.name() + "%' and pid <> pg_backend_pid()",
                      "1"));
  user.reset();
  EXPECT_NO_THROW(copied.get());
  EXPECT_TRUE(exists(copy.name()));
}

TEST_F(Databases, ThatExistOrDoNot) {
  EXPECT_THAT(
      refusal<EmbeddedError>([&] { embedded::create_database(server_url(), database.name()); }),
      AllOf(HasSubstr(database.name()), HasSubstr("already exists")));
  EXPECT_THAT(refusal<EmbeddedError>([&] {
                embedded::create_database(server_url(), database.name() + "_copy", "qm_no_such");
              }),
              HasSubstr("\"qm_no_such\" does not exist"));
  EXPECT_NO_THROW(embedded::drop_database(server_url(), "qm_no_such"));
}

TEST_F(Databases, AreDroppedWithTheirClients) {
  const Copy copy(database.name() + "_copy");
  embedded::create_database(server_url(), copy.name());
  const auto client = connect(copy.url());
  embedded::drop_database(server_url(), copy.name());
  EXPECT_FALSE(exists(copy.name()));
  EXPECT_THROW(client->execute_script("select 1"), Error);
}

TEST(WithDatabase, KeepsTheRest) {
  const std::string url = embedded::with_database(
      "postgresql://u%20v:p%27w@/old?host=/tmp/a%20b&application_name=x", R"(n'e\w)");
  EXPECT_THAT(url, AllOf(HasSubstr("user='u v'"), HasSubstr(R"(password='p\'w')"),
                         HasSubstr("host='/tmp/a b'"), HasSubstr("application_name='x'"),
                         HasSubstr(R"(dbname='n\'e\\w')"), ::testing::Not(HasSubstr("old"))));
}

// Templates outlive the databases made of them, so these tests have a server of their own.
class Templates : public ::testing::Test {
 protected:
  std::string databases() const {
    return column(server.url(),
                  "select datname from pg_database where datname like 'qm%' order by 1");
  }
  static void build(const std::string& url) { run_sql(url, "create table t as select 42 as a"); }

  const embedded::Server server = embedded::Server::start();
};

TEST_F(Templates, AreBuiltOnce) {
  constexpr std::size_t callers = 4;
  std::atomic<int> built{0};
  std::latch start(callers);
  std::vector<std::future<std::string>> names;
  for (std::size_t i = 0; i < callers; ++i) {
    names.push_back(std::async(std::launch::async, [&] {
      start.arrive_and_wait();
      return embedded::ensure_template(server.url(), "it's \"one\"", [&](const std::string& url) {
        ++built;
        build(url);
      });
    }));
  }
  for (auto& name : names)
    EXPECT_EQ(name.get(), "qm_template_it's \"one\"");
  EXPECT_EQ(built, 1);
  EXPECT_EQ(databases(), "qm_template_it's \"one\"");
  embedded::create_database(server.url(), "copy", "qm_template_it's \"one\"");
  EXPECT_EQ(column(server.url("copy"), "select a from t"), "42");
}

// Whatever database their urls are of.
TEST_F(Templates, AreBuiltOnceForCallersFromSeveralDatabases) {
  embedded::create_database(server.url(), "elsewhere");
  const auto watcher = connect(server.url());
  std::future<std::string> second;
  int built = 0;
  embedded::ensure_template(server.url(), "x", [&](const std::string& url) {
    ++built;
    second = std::async(std::launch::async, [&] {
      return embedded::ensure_template(server.url("elsewhere"), "x",
                                       [&](const std::string&) { ++built; });
    });
    EXPECT_TRUE(becomes(
        *watcher, "select count(*) from pg_stat_activity where wait_event = 'advisory'", "1"));
    build(url);
  });
  EXPECT_EQ(second.get(), "qm_template_x");
  EXPECT_EQ(built, 1);
}

TEST_F(Templates, ThatFailLeaveNoTemplate) {
  const auto failing = [&] {
    embedded::ensure_template(server.url(), "x", [](const std::string& url) {
      build(url);
      throw std::runtime_error("no more");
    });
  };
  EXPECT_EQ(refusal<std::runtime_error>(failing), "no more");
  EXPECT_EQ(databases().find("qm_template_x\n"), std::string::npos);
  EXPECT_NE(databases(), "qm_template_x");
  EXPECT_EQ(embedded::ensure_template(server.url(), "x", build), "qm_template_x");
  EXPECT_EQ(databases(), "qm_template_x");
}

}  // namespace
}  // namespace qm::test
