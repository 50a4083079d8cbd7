// The log observer from event to line: levels, slow and failed statements, rate limit, files.
#include <quartermaster/logging.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <quartermaster/error.hpp>
#include <sstream>
#include <thread>

#include "observe/log_observer.hpp"
#include "observe/log_rate_limit.hpp"
#include "statement_events.hpp"

namespace qm::observe::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Logging : public ::testing::Test {
 protected:
  Logging() {
    std::string name = (std::filesystem::temp_directory_path() / "qm_logging_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    directory_ = name;
  }
  ~Logging() override { std::filesystem::remove_all(directory_); }

  LogConfig config(const std::string& name = "log") const {
    LogConfig config;
    config.file = directory_ / name;
    return config;
  }
  LogClocks clocks() {
    return {.wall = [] { return std::chrono::system_clock::time_point(1795420800123ms); },
            .steady = [this] { return now_; }};
  }
  std::vector<std::string> lines(const std::string& name = "log") const {
    std::ifstream file(directory_ / name);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);)
      all.push_back(line);
    return all;
  }

  std::filesystem::path directory_;
  std::chrono::steady_clock::time_point now_{1h};
  RegisteredQuery query_ = [] {
    RegisteredQuery query = registered(3, "movie", "GetMovie");
    query.sql = "SELECT *\nFROM movies";
    return query;
  }();
};

TEST_F(Logging, SlowStatementsAreWarnings) {
  const auto log = make_log_observer(config(), clocks());
  log->on_query(event_of(query_, 99ms, 1));
  log->on_query(event_of(query_, 100ms, 1));
  EXPECT_THAT(lines(), ElementsAre("2026-11-23T08:00:00.123Z warning slow query=movie.GetMovie "
                                   "plugin=movie operation=execute duration_ms=100 rows=1 "
                                   "connection=4711 slow=true sql=\"SELECT *\\nFROM movies\""));
}

TEST_F(Logging, NoThresholdMeansNoSlowOnes) {
  LogConfig off = config();
  off.slow_query_threshold = 0ms;
  make_log_observer(off, clocks())->on_query(event_of(query_, 1h));
  EXPECT_THAT(lines(), SizeIs(0));
}

TEST_F(Logging, FailedStatementsAreErrorsWithoutRows) {
  const ServerError error("movie.GetMovie", {.sqlstate = "42P01", .message = "no such table"});
  QueryEvent event = event_of(query_, 1ms);
  event.error = &error;
  event.sqlstate = "42P01";
  LogConfig only_errors = config();
  only_errors.level = LogConfig::Level::error;
  const auto log = make_log_observer(only_errors, clocks());
  log->on_query(event_of(query_, 1s));
  log->on_query(event);
  const auto written = lines();
  ASSERT_THAT(written, SizeIs(1));
  EXPECT_THAT(written[0], HasSubstr(" error "));
  EXPECT_THAT(written[0], HasSubstr("no such table"));
  EXPECT_THAT(written[0], HasSubstr("sqlstate=42P01"));
  EXPECT_THAT(written[0], Not(HasSubstr("rows=")));
  EXPECT_THAT(written[0], Not(HasSubstr("sql=")));
}

TEST_F(Logging, OtherStatementsAreDebugRecordsWithoutBound) {
  LogConfig all = config();
  all.level = LogConfig::Level::debug;
  const auto log = make_log_observer(all, clocks());
  for (int i = 0; i < 30; ++i)
    log->on_query(event_of(query_, 1ms, 2));
  const auto written = lines();
  ASSERT_THAT(written, SizeIs(30));
  EXPECT_THAT(written[0], StartsWith("2026-11-23T08:00:00.123Z debug done query=movie.GetMovie"));
}

TEST_F(Logging, NotesFollowTheLevel) {
  LogConfig warnings = config();
  warnings.level = LogConfig::Level::warning;
  const auto log = make_log_observer(warnings, clocks());
  for (const auto severity :
       {Severity::debug, Severity::info, Severity::warning, Severity::error}) {
    log->on_note({.severity = severity, .area = "pool", .message = "upkeep failed"});
  }
  EXPECT_THAT(lines(), ElementsAre("2026-11-23T08:00:00.123Z warning \"upkeep failed\" area=pool",
                                   "2026-11-23T08:00:00.123Z error \"upkeep failed\" area=pool"));
}

TEST_F(Logging, JsonLines) {
  LogConfig json = config();
  json.format = LogConfig::Format::json;
  make_log_observer(json, clocks())->on_note({.area = "server", .message = "a \"notice\""});
  EXPECT_THAT(lines(), ElementsAre(R"({"time":"2026-11-23T08:00:00.123Z","level":"info",)"
                                   R"("message":"a \"notice\"","area":"server"})"));
}

TEST_F(Logging, ParametersAreRedacted) {
  const Params params{{oids::text, "a secret"}, encoded(std::int32_t{7})};
  QueryEvent event = event_of(query_, 1s);
  event.params = params.view();
  make_log_observer(config(), clocks())->on_query(event);
  const auto written = lines();
  ASSERT_THAT(written, SizeIs(1));
  EXPECT_THAT(written[0], Not(HasSubstr("secret")));
  EXPECT_THAT(written[0], HasSubstr("parameters=[$1=<text 8 bytes #"));
  EXPECT_THAT(written[0], HasSubstr("$2=7]"));
}

TEST_F(Logging, LongStatementsAreCut) {
  QueryEvent event = event_of(query_, 1s);
  const std::string sql(100'000, 'x');
  event.sql = sql;
  make_log_observer(config(), clocks())->on_query(event);
  EXPECT_LT(lines().at(0).size(), 5000U);
  EXPECT_THAT(lines().at(0), HasSubstr("x... (100000 bytes)\""));
}

TEST_F(Logging, RepeatedRecordsAreCountedInstead) {
  const auto log = make_log_observer(config(), clocks());
  for (int i = 0; i < 47; ++i)
    log->on_query(event_of(query_, 1s));
  EXPECT_THAT(lines(), SizeIs(10));
  // Failures and other queries have bounds of their own.
  const ConnectionLost error(Report{.object = "server", .problem = "gone"});
  QueryEvent failed = event_of(query_, 1ms);
  failed.error = &error;
  log->on_query(failed);
  log->on_query(ad_hoc_event("other", 1s));
  EXPECT_THAT(lines(), SizeIs(12));
  now_ += 10s;
  log->on_query(event_of(query_, 1s));
  log->on_query(event_of(query_, 1s));
  const auto written = lines();
  ASSERT_THAT(written, SizeIs(14));
  EXPECT_THAT(written[12], HasSubstr(" suppressed=37 "));
  EXPECT_THAT(written[13], Not(HasSubstr("suppressed")));
}

TEST(LogRateLimitNames, AreBoundedAndTheLastUsedStay) {
  LogRateLimit limit;
  const LogRateLimit::Time now{};
  using Kind = LogRateLimit::Kind;
  for (std::uint32_t i = 0; i < LogRateLimit::max_records; ++i)
    EXPECT_EQ(limit.admit("first", Kind::slow, now), 0U);
  for (std::size_t i = 0; i < 3 * LogRateLimit::max_names; ++i) {
    EXPECT_EQ(limit.admit("name " + std::to_string(i), Kind::slow, now), 0U);
    EXPECT_EQ(limit.admit("first", Kind::slow, now), std::nullopt);
  }
  EXPECT_EQ(limit.names(), LogRateLimit::max_names);
}

TEST_F(Logging, FilesAreAppendedTo) {
  make_log_observer(config(), clocks())->on_note({.area = {}, .message = "one"});
  make_log_observer(config(), clocks())->on_note({.area = {}, .message = "two"});
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("one"), HasSubstr("two")));
}

TEST_F(Logging, FilesThatCannotBeOpenedAreNamed) {
  const auto message = [&](const std::string& name) {
    try {
      make_log_observer(config(name));
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(message("absent/log"), StartsWith("log.file " + (directory_ / "absent/log").string() +
                                                ": expected a file that can be appended to, found "
                                                "No such file or directory"));
  EXPECT_THAT(message(""), HasSubstr("Is a directory"));
}

TEST_F(Logging, AFullDiskIsToldOnce) {
  LogConfig full;
  full.file = "/dev/full";
  const auto log = make_log_observer(full, clocks());
  ::testing::internal::CaptureStderr();
  log->on_note({Severity::warning, "pool", "one"});
  log->on_note({Severity::warning, "pool", "two"});
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "log.file /dev/full: records are lost: No space left on device\n");
}

TEST_F(Logging, ObserversDoNotHearEachOther) {
  const auto first = make_log_observer(config("first"), clocks());
  {
    const auto second = make_log_observer(config("second"), clocks());
    second->on_note({.area = {}, .message = "to_second"});
    first->on_note({.area = {}, .message = "to_first"});
  }
  first->on_note({.area = {}, .message = "alone"});
  EXPECT_THAT(lines("first"), ElementsAre(HasSubstr("to_first"), HasSubstr("alone")));
  EXPECT_THAT(lines("second"), ElementsAre(HasSubstr("to_second")));
}

TEST_F(Logging, ThreadsDoNotMixLines) {
  const auto log = make_log_observer(config(), clocks());
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&log, text = std::string(200, static_cast<char>('a' + i))] {
      for (int n = 0; n < 50; ++n)
        log->on_note({.area = {}, .message = text});
    });
  }
  for (auto& each : threads)
    each.join();
  const auto written = lines();
  ASSERT_THAT(written, SizeIs(200));
  for (const auto& line : written)
    EXPECT_EQ(line.find_first_not_of(line.back(), line.size() - 200), std::string::npos) << line;
}

}  // namespace
}  // namespace qm::observe::test
