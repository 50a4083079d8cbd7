// Connection strings: what libpq is given for each host, and what errors do not say.
#include "pool/conninfo.hpp"

#include <gmock/gmock.h>

#include <quartermaster/error.hpp>
#include <string>
#include <tuple>

namespace qm::pool {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Host = std::tuple<std::string, std::string, std::string>;  // host, hostaddr, port

std::vector<Host> hosts_of(const std::string& url) {
  std::vector<Host> hosts;
  for (const ConnectParams& one : Conninfo::parse(url, "test").attempts)
    hosts.emplace_back(one.get("host"), one.get("hostaddr"), one.get("port"));
  return hosts;
}

// The only attempt's value of a keyword.
std::string value_of(const std::string& url, const std::string& keyword) {
  const Conninfo info = Conninfo::parse(url, "test");
  EXPECT_EQ(info.attempts.size(), 1U);
  return info.attempts.at(0).get(keyword);
}

Report report_of(const std::string& url) {
  try {
    Conninfo::parse(url, "test");
  } catch (const ConfigError& error) {
    return error.report();
  }
  return {.object = "(accepted)"};
}

TEST(Conninfo, ReadsAUrl) {
  const std::string url = "postgresql://ann:se%20cret@db.example:6543/films?sslmode=require";
  EXPECT_EQ(value_of(url, "user"), "ann");
  EXPECT_EQ(value_of(url, "password"), "se cret");
  EXPECT_EQ(value_of(url, "host"), "db.example");
  EXPECT_EQ(value_of(url, "port"), "6543");
  EXPECT_EQ(value_of(url, "dbname"), "films");
  EXPECT_EQ(value_of(url, "sslmode"), "require");
  EXPECT_EQ(value_of("postgres://localhost", "host"), "localhost");
}

TEST(Conninfo, ReadsKeysAndValues) {
  const std::string text = R"(host=/run/pg dbname='my films' user=ann password='it\'s')";
  EXPECT_EQ(value_of(text, "host"), "/run/pg");
  EXPECT_EQ(value_of(text, "dbname"), "my films");
  EXPECT_EQ(value_of(text, "password"), "it's");
}

TEST(Conninfo, ASocketDirectoryInAUrl) {
  EXPECT_EQ(value_of("postgresql:///films?host=/run/pg", "host"), "/run/pg");
  EXPECT_EQ(value_of("postgresql://%2Frun%2Fpg/films", "host"), "/run/pg");
}

TEST(Conninfo, TheEncodingIsAlwaysUtf8) {
  EXPECT_EQ(value_of("postgresql://h", "client_encoding"), "UTF8");
  EXPECT_EQ(value_of("host=h client_encoding=LATIN1", "client_encoding"), "UTF8");
}

TEST(Conninfo, FillsInWhatFindsAVanishedPeer) {
  EXPECT_EQ(value_of("postgresql://h", "keepalives_idle"), "60");
  EXPECT_EQ(value_of("postgresql://h", "keepalives_interval"), "10");
  EXPECT_EQ(value_of("postgresql://h", "keepalives_count"), "3");
  EXPECT_EQ(value_of("postgresql://h", "tcp_user_timeout"), "30000");
  EXPECT_EQ(value_of("postgresql://h?tcp_user_timeout=5000", "tcp_user_timeout"), "5000");
  EXPECT_EQ(value_of("host=h keepalives_idle=7 keepalives=0", "keepalives_idle"), "7");
  EXPECT_EQ(value_of("host=h keepalives_idle=7 keepalives=0", "keepalives"), "0");
}

TEST(Conninfo, NamesTheApplicationOnlyAsAFallback) {
  EXPECT_EQ(value_of("postgresql://h?application_name=theirs", "application_name"), "theirs");
  EXPECT_EQ(value_of("postgresql://h?application_name=theirs", "fallback_application_name"),
            "test");
  EXPECT_EQ(value_of("host=h fallback_application_name=theirs", "fallback_application_name"),
            "theirs");
}

TEST(Conninfo, HandsLibpqKeywordsAndValuesSideBySide) {
  ConnectParams params;
  params.set("host", "a");
  params.set("port", "1");
  params.set("host", "b");
  params.set_default("port", "2");
  params.set_default("user", "ann");
  const auto keywords = params.keywords();
  const auto values = params.values();
  ASSERT_EQ(keywords.size(), 4U);
  ASSERT_EQ(values.size(), 4U);
  EXPECT_STREQ(keywords[0], "host");
  EXPECT_STREQ(values[0], "b");
  EXPECT_STREQ(keywords[1], "port");
  EXPECT_STREQ(values[1], "1");
  EXPECT_STREQ(keywords[2], "user");
  EXPECT_STREQ(values[2], "ann");
  EXPECT_EQ(keywords[3], nullptr);
  EXPECT_EQ(values[3], nullptr);
}

TEST(ConninfoHosts, OneIsOneAttempt) {
  EXPECT_EQ(hosts_of("postgresql://a:1"), (std::vector<Host>{{"a", "", "1"}}));
  EXPECT_EQ(hosts_of("dbname=films"), (std::vector<Host>{{"", "", ""}}));
}

TEST(ConninfoHosts, AreTriedInTheirOrder) {
  EXPECT_EQ(hosts_of("postgresql://a:1,b:2,c:3/films"),
            (std::vector<Host>{{"a", "", "1"}, {"b", "", "2"}, {"c", "", "3"}}));
  EXPECT_EQ(hosts_of("host=a,b port=1,2"), (std::vector<Host>{{"a", "", "1"}, {"b", "", "2"}}));
  const Conninfo info = Conninfo::parse("postgresql://ann@a,b/films", "test");
  ASSERT_EQ(info.attempts.size(), 2U);
  for (const ConnectParams& attempt : info.attempts) {
    EXPECT_EQ(attempt.get("user"), "ann");
    EXPECT_EQ(attempt.get("dbname"), "films");
    EXPECT_EQ(attempt.get("tcp_user_timeout"), "30000");
  }
}

TEST(ConninfoHosts, OnePortServesAll) {
  EXPECT_EQ(hosts_of("host=a,b port=6543"),
            (std::vector<Host>{{"a", "", "6543"}, {"b", "", "6543"}}));
  EXPECT_EQ(hosts_of("host=a,b"), (std::vector<Host>{{"a", "", ""}, {"b", "", ""}}));
  EXPECT_EQ(hosts_of("host=a,b port=,2"), (std::vector<Host>{{"a", "", ""}, {"b", "", "2"}}));
}

TEST(ConninfoHosts, AddressesGoWithTheirNames) {
  EXPECT_EQ(hosts_of("host=a,b hostaddr=192.0.2.1,192.0.2.2"),
            (std::vector<Host>{{"a", "192.0.2.1", ""}, {"b", "192.0.2.2", ""}}));
  EXPECT_EQ(hosts_of("hostaddr=192.0.2.1,192.0.2.2"),
            (std::vector<Host>{{"", "192.0.2.1", ""}, {"", "192.0.2.2", ""}}));
}

TEST(ConninfoHosts, ListsThatDoNotFitAreLeftToLibpqsComplaint) {
  EXPECT_EQ(hosts_of("host=a,b,c port=1,2"), (std::vector<Host>{{"a,b,c", "", "1,2"}}));
  EXPECT_EQ(hosts_of("host=a,b hostaddr=192.0.2.1"), (std::vector<Host>{{"a,b", "192.0.2.1", ""}}));
}

TEST(ConninfoHosts, PreferStandbyIsTwoRounds) {
  const Conninfo info =
      Conninfo::parse("postgresql://a,b/?target_session_attrs=prefer-standby", "test");
  std::vector<std::pair<std::string, std::string>> rounds;
  for (const ConnectParams& attempt : info.attempts)
    rounds.emplace_back(attempt.get("host"), attempt.get("target_session_attrs"));
  EXPECT_EQ(rounds, (std::vector<std::pair<std::string, std::string>>{
                        {"a", "standby"}, {"b", "standby"}, {"a", "any"}, {"b", "any"}}));
}

TEST(ConninfoTimeout, IsTheStringsOwn) {
  EXPECT_EQ(Conninfo::parse("postgresql://h?connect_timeout=7", "").attempt_timeout,
            std::chrono::seconds(7));
  EXPECT_EQ(Conninfo::parse("postgresql://h", "").attempt_timeout, std::nullopt);
  EXPECT_EQ(Conninfo::parse("postgresql://h?connect_timeout=0", "").attempt_timeout, std::nullopt);
  EXPECT_EQ(Conninfo::parse("host=h connect_timeout=-1", "").attempt_timeout, std::nullopt);
}

TEST(ConninfoErrors, NoneGiven) {
  const Report report = report_of("");
  EXPECT_EQ(report.object, "database.url");
  EXPECT_EQ(report.expected, "a connection string");
  EXPECT_EQ(report.found, "none");
  EXPECT_EQ(report.hint, "for example postgresql://user@host/database");
}

TEST(ConninfoErrors, AMisspeltKeywordIsNamedWithItsNeighbour) {
  const Report report = report_of("hots=h dbname=films");
  EXPECT_EQ(report.object, "database.url");
  EXPECT_EQ(report.problem, "not a connection string: invalid connection option \"hots\"");
  EXPECT_EQ(report.hint, "did you mean host");
  EXPECT_EQ(report_of("postgresql://h/films?sslmod=require").hint, "did you mean sslmode");
}

TEST(ConninfoErrors, AKeywordWithoutAValueIsNamed) {
  const std::string beginning = "not a connection string: ";
  EXPECT_EQ(report_of("host=h user").problem,
            beginning + "missing \"=\" after \"user\" in connection info string");
  EXPECT_EQ(report_of("host=h user").hint, "");
  EXPECT_EQ(report_of("postgresql://h/films?sslmode").problem,
            beginning + "missing key/value separator \"=\" in URI query parameter: \"sslmode\"");
  EXPECT_EQ(report_of("postgresql://h/films?user=a=b").problem,
            beginning + "extra key/value separator \"=\" in URI query parameter: \"user\"");
}

TEST(ConninfoErrors, QuoteNothingThatMayBeASecret) {
  for (const std::string url :
       {"host=h password=open hunter2", "host=h password=open hunter2=x", "host=h hunter2",
        "host=h password='open hunter2", "password=o'p\"en hunter2\"", "hunter2",
        "postgresql://ann:hunter2@h:%zz/films", "postgresql://ann:hunter2%2@h/films",
        "postgresql://ann:hunter2%00@h/films", "postgresql://ann:hunter2@[::1/films",
        "postgresql://ann:hunter2@[::1]x/films", "postgresql://ann@h/films?password=a&hunter2=b",
        "postgresql://ann@h/films?password=a=hunter2", "postgresql://ann@h/films?password&hunter2",
        "postgresql://ann@h/films?hunter2", "host=h password=a \"hunter2\" \"=\" \"user\""}) {
    const Report report = report_of(url);
    EXPECT_EQ(report.object, "database.url") << url;
    EXPECT_THAT(report.text(), AllOf(Not(HasSubstr("hunter2")), HasSubstr("not a connection"),
                                     Not(HasSubstr("\n"))))
        << url;
  }
}

}  // namespace
}  // namespace qm::pool
