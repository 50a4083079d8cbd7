// Every key of the table: what it takes, what it refuses, from every source; precedence and
// provenance.
#include <gmock/gmock.h>

#include <cstdlib>
#include <set>

#include "loading.hpp"

namespace qm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Keys : public Loading {};

struct Example {
  const char* key;
  const char* good;     // as in the file
  const char* written;  // as it is written back
  std::vector<const char*> bad;
};

const std::vector<const char*> not_durations{"5",    "-1s",  "1.5s",    "soon", "8761h",
                                             "\"\"", "[1s]", "{a: 1s}", "~",    "1us"};

const std::vector<Example>& examples() {
  static const std::vector<Example> list{
      {"database.url",
       "postgresql://u@h/d",
       "\"postgresql://u@h/d\"",
       {"[a]", "{a: b}", "nonsense", "~", "postgresql://[h", "\"a\\0b\""}},
      {"database.migration_url", "host=h user=o", "\"user=o host=h\"", {"[a]", "x=y", "~"}},
      {"database.max_conns",
       "65535",
       "65535",
       {"65536", "-1", "5.5", "\"5\"", "five", "[5]", "{a: 5}", "~", "5 5", "0x10", "1e3",
        "99999999999999999999", "\"\""}},
      {"database.min_conns", "1", "1", {"65536", "-1", "x"}},
      {"database.min_idle_conns", "2", "2", {"65536", "-1", "x"}},
      {"database.max_conn_lifetime", "90m", "1h30m", not_durations},
      {"database.max_conn_lifetime_jitter", "30s", "30s", {"none", "5", "1us", "8761h", "~"}},
      {"database.max_conn_idle_time", "1m", "1m", not_durations},
      {"database.health_check_period", "500ms", "500ms", not_durations},
      {"database.connect_timeout", "8760h", "8760h", not_durations},
      {"database.acquire_timeout", "1ms", "1ms", not_durations},
      {"database.query_timeout", "\"30s\"", "30s", {"auto", "5", "0", "1us", "~", "[none]"}},
      {"database.liveness_check_after", "0", "0", {"5", "1us", "8761h", "~"}},
      {"database.overtake_bound", "500us", "500us", {"5", "2s", "-1us", "~"}},
      {"database.leak_report_after", "0", "0", {"5", "1us", "8761h", "~"}},
      {"database.statement_cache_capacity", "65536", "65536", {"65537", "-1", "~", "all"}},
      {"database.session_state", "off", "off", {"Off", "automatic", "false", "~", "[off]"}},
      {"log.format", "json", "json", {"JSON", "xml", "~", "\"\""}},
      {"log.level", "debug", "debug", {"trace", "warn", "3", "~"}},
      {"log.file", "/var/log/q.log", "/var/log/q.log", {"[a]", "{a: b}", "~", "\"a\\0b\""}},
      {"log.slow_query_threshold", "0", "0", {"100", "1us", "8761h", "~"}},
      {"http.enabled", "false", "false", {"no", "0", "\"false\"", "False", "~", "[true]"}},
      {"http.address",
       "\"::1\"",
       "\"::1\"",
       {"0.0.0.0", "192.0.2.1", "\"::\"", "example.org", "\"\"", "127.1", "\"[::1]\"", "\"::2\"",
        "\"::ffff:127.0.0.1\"", "127.0.0.1:80", "~"}},
      {"http.port", "0", "0", {"65536", "-1", "http", "~"}},
      {"plugins.directories",
       "[/a, ./b]",
       "[/a, ./b]",
       {"/a", "{a: b}", "[[a]]", "[\"\"]", "~", "[{a: b}]", "[~]"}},
      {"plugins.enabled", "[movie, qar]", "[movie, qar]", {"movie", "[\"\"]", "~"}},
      {"plugins.use_default_directory", "false", "false", {"none", "1", "~"}},
      {"embedded.data_dir", "./data", "./data", {"[a]", "~"}},
      {"embedded.bin_dir",
       "/usr/lib/postgresql/15/bin",
       "/usr/lib/postgresql/15/bin",
       {"{a: b}", "~"}},
  };
  return list;
}

std::string yaml(const Example& example, const std::string& value) {
  const std::string key = example.key;
  const std::size_t dot = key.find('.');
  return key.substr(0, dot) + ":\n  " + key.substr(dot + 1) + ": " + value + "\n";
}

TEST_F(Keys, EveryKeyHasAnExample) {
  std::set<std::string> have;
  for (const Example& example : examples())
    have.insert(example.key);
  std::set<std::string> expected;
  for (const ConfigKeyInfo& info : config_keys())
    expected.insert(info.key);
  EXPECT_EQ(have, expected);
}

TEST_F(Keys, InfosAreCompleteAndUnique) {
  std::set<std::string> flags;
  std::set<std::string> variables;
  for (const ConfigKeyInfo& info : config_keys()) {
    SCOPED_TRACE(info.key);
    EXPECT_TRUE(flags.insert(info.flag).second);
    EXPECT_TRUE(variables.insert(info.environment).second);
    EXPECT_FALSE(info.type.empty());
    EXPECT_FALSE(info.default_text.empty());
    EXPECT_FALSE(info.description.empty());
    EXPECT_EQ(info.secret, info.type == "connection string");
  }
  const ConfigKeyInfo& info = config_keys()[2];
  EXPECT_EQ(info.key, "database.max_conns");
  EXPECT_EQ(info.environment, "QUARTERMASTER_DATABASE_MAX_CONNS");
  EXPECT_EQ(info.flag, "--database-max-conns");
  EXPECT_EQ(info.type, "integer 0..65535");
  EXPECT_EQ(info.default_text, "0");
}

TEST_F(Keys, GoodValuesAreTakenFromTheFile) {
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.key);
    const ConfigLoader loader = load(yaml(example, example.good));
    // A connection string is shown as redact_url writes it.
    EXPECT_EQ(entry(loader, example.key).value, example.written);
    EXPECT_EQ(entry(loader, example.key).origin, (scratch_.path() / "q.yaml").string() + ":2");
  }
}

TEST_F(Keys, BadValuesAreRefusedWithPlaceKeyAndType) {
  for (const Example& example : examples()) {
    for (const char* bad : example.bad) {
      SCOPED_TRACE(std::string(example.key) + ": " + bad);
      EXPECT_THAT(file_error(yaml(example, bad)), StartsWith("q.yaml:2:"));
      EXPECT_THAT(file_error(yaml(example, bad)),
                  HasSubstr(std::string(example.key) + ": expected "));
    }
  }
}

TEST_F(Keys, WrittenDefaultsReadBackAsDefaults) {
  std::string text;
  std::string section;
  for (const ConfigKeyInfo& info : config_keys()) {
    const std::size_t dot = info.key.find('.');
    if (section != info.key.substr(0, dot)) {
      section = info.key.substr(0, dot);
      text += section + ":\n";
    }
    text += "  " + info.key.substr(dot + 1) + ": " + info.default_text + "\n";
  }
  const ConfigLoader loader = load(text);
  for (std::size_t i = 0; i < config_keys().size(); ++i) {
    EXPECT_EQ(loader.entries()[i].value, config_keys()[i].default_text);
    EXPECT_THAT(loader.entries()[i].origin, HasSubstr("q.yaml:"));
  }
}

TEST_F(Keys, ValuesReachTheirFields) {
  const Config config = load(R"(
database:
  url: postgresql://u:p@h/d
  migration_url: postgresql://o@h/d
  max_conns: 1
  min_conns: 2
  min_idle_conns: 3
  max_conn_lifetime: 4s
  max_conn_lifetime_jitter: 0
  max_conn_idle_time: 6s
  health_check_period: 7s
  connect_timeout: 8s
  acquire_timeout: 9s
  query_timeout: 10s
  liveness_check_after: 11s
  overtake_bound: 12us
  leak_report_after: 13s
  statement_cache_capacity: 14
  session_state: on
log: {format: json, level: warning, file: x.log, slow_query_threshold: 15ms}
http: {enabled: false, address: 127.0.0.2, port: 16}
plugins: {directories: [/p, q], enabled: [movie], use_default_directory: false}
embedded: {data_dir: /d, bin_dir: /b}
)")
                            .config();
  const DatabaseConfig& database = config.database;
  EXPECT_EQ(database.url, "postgresql://u:p@h/d");
  EXPECT_EQ(database.migration_url, "postgresql://o@h/d");
  EXPECT_EQ(database.max_conns, 1U);
  EXPECT_EQ(database.min_conns, 2U);
  EXPECT_EQ(database.min_idle_conns, 3U);
  EXPECT_EQ(database.max_conn_lifetime, std::chrono::seconds{4});
  EXPECT_EQ(database.max_conn_lifetime_jitter, std::chrono::milliseconds{0});
  EXPECT_EQ(database.max_conn_idle_time, std::chrono::seconds{6});
  EXPECT_EQ(database.health_check_period, std::chrono::seconds{7});
  EXPECT_EQ(database.connect_timeout, std::chrono::seconds{8});
  EXPECT_EQ(database.acquire_timeout, std::chrono::seconds{9});
  EXPECT_EQ(database.query_timeout, std::chrono::seconds{10});
  EXPECT_EQ(database.liveness_check_after, std::chrono::seconds{11});
  EXPECT_EQ(database.overtake_bound, std::chrono::microseconds{12});
  EXPECT_EQ(database.leak_report_after, std::chrono::seconds{13});
  EXPECT_EQ(database.statement_cache_capacity, 14U);
  EXPECT_EQ(database.session_state, DatabaseConfig::SessionState::on);
  EXPECT_EQ(config.log.format, LogConfig::Format::json);
  EXPECT_EQ(config.log.level, LogConfig::Level::warning);
  EXPECT_EQ(config.log.file, "x.log");
  EXPECT_EQ(config.log.slow_query_threshold, std::chrono::milliseconds{15});
  EXPECT_FALSE(config.http.enabled);
  EXPECT_EQ(config.http.address, "127.0.0.2");
  EXPECT_EQ(config.http.port, 16);
  EXPECT_EQ(config.plugins.directories, (std::vector<std::filesystem::path>{"/p", "q"}));
  EXPECT_EQ(config.plugins.enabled, std::vector<std::string>{"movie"});
  EXPECT_FALSE(config.plugins.use_default_directory);
  EXPECT_EQ(config.embedded.data_dir, "/d");
  EXPECT_EQ(config.embedded.bin_dir, "/b");
}

TEST_F(Keys, WordsThatStandForNoValue) {
  const Config config =
      load("database: {query_timeout: none, max_conn_lifetime_jitter: auto}\n").config();
  EXPECT_EQ(config.database.query_timeout, std::nullopt);
  EXPECT_EQ(config.database.max_conn_lifetime_jitter, std::nullopt);
}

TEST_F(Keys, FlagOverEnvironmentOverFileOverDefault) {
  ConfigSources sources;
  sources.file =
      scratch_.write("q.yaml", "database:\n  max_conns: 1\n  min_conns: 1\nhttp:\n  port: 1\n");
  sources.environment["QUARTERMASTER_DATABASE_MAX_CONNS"] = "2";
  sources.environment["QUARTERMASTER_DATABASE_MIN_CONNS"] = "2";
  sources.environment["QUARTERMASTER_CONFIG"] = "somewhere";
  sources.environment["QUARTERMASTER_PLUGIN_PATH"] = "/x";
  sources.environment["QUARTERMASTER_TEST_SERVER"] = "postgresql://";
  sources.environment["PATH"] = "/bin";
  sources.flags["database.max_conns"] = "3";
  const ConfigLoader loader(sources);
  EXPECT_EQ(loader.config().database.max_conns, 3U);
  EXPECT_EQ(entry(loader, "database.max_conns").origin, "flag --database-max-conns");
  EXPECT_EQ(loader.config().database.min_conns, 2U);
  EXPECT_EQ(entry(loader, "database.min_conns").origin,
            "environment QUARTERMASTER_DATABASE_MIN_CONNS");
  EXPECT_EQ(loader.config().http.port, 1);
  EXPECT_EQ(entry(loader, "http.port").origin, (scratch_.path() / "q.yaml").string() + ":5");
  EXPECT_EQ(entry(loader, "http.address").origin, "default");
}

TEST_F(Keys, AnOverriddenValueIsCheckedAllTheSame) {
  ConfigSources sources;
  sources.file = scratch_.write("q.yaml", "http:\n  port: x\n");
  sources.flags["http.port"] = "1";
  EXPECT_THAT(error_of(sources), StartsWith("q.yaml:2: http.port: expected integer 0..65535"));
}

TEST_F(Keys, TheEnvironmentIsCheckedLikeTheFile) {
  EXPECT_EQ(environment_error("QUARTERMASTER_HTTP_PORT", "x"),
            "environment QUARTERMASTER_HTTP_PORT: http.port: expected integer 0..65535, found "
            "\"x\"");
  EXPECT_EQ(environment_error("QUARTERMASTER_HTTP_PROT", "1"),
            "environment QUARTERMASTER_HTTP_PROT: there is no such key (did you mean "
            "QUARTERMASTER_HTTP_PORT?)");
  EXPECT_THAT(environment_error("QUARTERMASTER_", "1"), HasSubstr("there is no such key"));
  EXPECT_THAT(environment_error("QUARTERMASTER_HTTP_PORT", ""), HasSubstr("found \"\""));
  EXPECT_THAT(environment_error("QUARTERMASTER_HTTP_ENABLED", "1"), HasSubstr("true | false"));
  EXPECT_EQ(environment_error("QUARTERMASTER_LOG_FILE", "\xFF"),
            "environment QUARTERMASTER_LOG_FILE: log.file: the value is not UTF-8 text");
  EXPECT_THAT(environment_error("QUARTERMASTER_DATABASE_CONNECT_TIMEOUT", "10"),
              HasSubstr("(give a unit: us, ms, s, m or h)"));
  EXPECT_THAT(environment_error("QUARTERMASTER_PLUGINS_DIRECTORIES", "/a::/b"),
              HasSubstr("an empty item"));
  EXPECT_THAT(environment_error("QUARTERMASTER_LOG_LEVEL", "debgu"),
              HasSubstr("(did you mean debug?)"));
  EXPECT_THAT(environment_error("QUARTERMASTER_LOG_LEVEL", "a\nb\x1b[31m"),
              HasSubstr("found \"a?b?[31m\""));
  EXPECT_THAT(environment_error("QUARTERMASTER_LOG_LEVEL", std::string(10000, 'x')),
              ::testing::SizeIs(::testing::Lt(200)));
}

TEST_F(Keys, FlagsAreCheckedLikeTheFile) {
  EXPECT_EQ(flag_error("http.port", "70000"),
            "flag --http-port: http.port: expected integer 0..65535, found \"70000\"");
  EXPECT_EQ(flag_error("http.prot", "1"),
            "flag for http.prot: there is no such key (did you mean http.port?)");
}

TEST_F(Keys, ListsAreSplitInEnvironmentAndFlags) {
  ConfigSources sources;
  sources.environment["QUARTERMASTER_PLUGINS_DIRECTORIES"] = "/a:/b c";
  sources.flags["plugins.enabled"] = "movie,qar";
  const ConfigLoader loader(sources);
  EXPECT_EQ(loader.config().plugins.directories,
            (std::vector<std::filesystem::path>{"/a", "/b c"}));
  EXPECT_EQ(loader.config().plugins.enabled, (std::vector<std::string>{"movie", "qar"}));
  EXPECT_EQ(entry(loader, "plugins.directories").value, "[/a, \"/b c\"]");
  sources.environment["QUARTERMASTER_PLUGINS_DIRECTORIES"] = "";
  EXPECT_TRUE(ConfigLoader(sources).config().plugins.directories.empty());
}

TEST_F(Keys, SecretsAreBlankedInEntriesAndErrors) {
  ConfigSources sources;
  sources.flags["database.url"] = "postgresql://u:hunter2@h/d?sslpassword=hunter2";
  const ConfigLoader loader(sources);
  EXPECT_EQ(loader.config().database.url, sources.flags["database.url"]);
  EXPECT_EQ(entry(loader, "database.url").value, "\"postgresql://u:***@h/d?sslpassword=***\"");
  const std::string error = flag_error("database.url", "postgresql://u:hunter2@[h/d");
  EXPECT_THAT(error, HasSubstr("found a value that is not shown here"));
  EXPECT_THAT(error, Not(HasSubstr("hunter2")));
}

TEST_F(Keys, TheProcessEnvironmentIsFilteredByPrefix) {
  ASSERT_EQ(::setenv("QUARTERMASTER_LOG_LEVEL", "debug=x", 1), 0);  // NOLINT(concurrency-mt-unsafe)
  const auto variables = ConfigLoader::process_environment();
  EXPECT_EQ(variables.at("QUARTERMASTER_LOG_LEVEL"), "debug=x");
  for (const auto& [name, value] : variables)
    EXPECT_THAT(name, StartsWith("QUARTERMASTER_"));
}

}  // namespace
}  // namespace qm::test
