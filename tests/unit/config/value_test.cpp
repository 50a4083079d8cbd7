// Durations, numbers, lists and the text they are written back as.
#include "config/value.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "config/nearest.hpp"
#include "config/utf8.hpp"

namespace qm::config {
namespace {

TEST(Duration, ReadsEveryUnitAndCombinations) {
  EXPECT_EQ(parse_duration("0"), 0);
  EXPECT_EQ(parse_duration("0s"), 0);
  EXPECT_EQ(parse_duration("500us"), 500);
  EXPECT_EQ(parse_duration("500ms"), 500'000);
  EXPECT_EQ(parse_duration("30s"), 30'000'000);
  EXPECT_EQ(parse_duration("30m"), 1'800'000'000);
  EXPECT_EQ(parse_duration("1h"), 3'600'000'000);
  EXPECT_EQ(parse_duration("1h30m"), 5'400'000'000);
  EXPECT_EQ(parse_duration("1h2m3s4ms5us"), 3'723'004'005);
  EXPECT_EQ(parse_duration("90m"), 5'400'000'000);
  EXPECT_EQ(parse_duration("1m500ms"), 60'500'000);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"",
                           " ",
                           "5",
                           "00",
                           "s",
                           "-1s",
                           "+1s",
                           "1",
                           "1 s",
                           " 1s",
                           "1s ",
                           "1.5s",
                           "1d",
                           "1S",
                           "1H",
                           "30m1h",
                           "1s1s",
                           "1h1h",
                           "1h30",
                           "h30m",
                           "1e3s",
                           "0x1s",
                           "99999999999999999999s",
                           "2562047789h",
                           "9223372036854775807us1us",
                           "1h-5m",
                           "1m\n",
                           "1\xC2\xB5s",
                           "infinity"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, IsWrittenAsItIsRead) {
  for (const char* text : {"0", "1us", "500us", "1ms", "100ms", "1s", "1m", "1h", "1h30m",
                           "1s500ms", "8760h", "2h1us"}) {
    EXPECT_EQ(duration_text(parse_duration(text).value()), text);
  }
  EXPECT_EQ(duration_text(parse_duration("90s").value()), "1m30s");
  EXPECT_EQ(parse_duration(duration_text(std::numeric_limits<std::int64_t>::max())),
            std::numeric_limits<std::int64_t>::max());
}

TEST(YamlText, IsQuotedWhereYamlWouldReadSomethingElse) {
  EXPECT_EQ(yaml_text("/var/log/q.log"), "/var/log/q.log");
  EXPECT_EQ(yaml_text("movie"), "movie");
  EXPECT_EQ(yaml_text(""), "\"\"");
  EXPECT_EQ(yaml_text("true"), "\"true\"");
  EXPECT_EQ(yaml_text("null"), "\"null\"");
  EXPECT_EQ(yaml_text("a: b"), "\"a: b\"");
  EXPECT_EQ(yaml_text("5"), "\"5\"");
  EXPECT_EQ(yaml_text("say \"x\\y\""), "\"say \\\"x\\\\y\\\"\"");
  EXPECT_EQ(yaml_text("a\nb"), "\"a\\x0ab\"");
  EXPECT_EQ(yaml_list({}), "[]");
  EXPECT_EQ(yaml_list(std::vector<std::string>{"a", "b c"}), "[a, \"b c\"]");
}

TEST(Nearest, FindsSlipsButNotStrangers) {
  const std::vector<std::string> names{"level", "format", "file", "slow_query_threshold"};
  EXPECT_EQ(nearest("levle", names), "level");
  EXPECT_EQ(nearest("LEVEL", names), "level");
  EXPECT_EQ(nearest("slow_query_treshold", names), "slow_query_threshold");
  EXPECT_EQ(nearest("fil", names), "file");
  EXPECT_EQ(nearest("zebra", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest(std::string(100000, 'a'), names), "");
}

TEST(Nearest, CountsASwapAsOneEdit) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Utf8, TakesWellFormedCharactersOnly) {
  for (const char* text : {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(find_invalid_utf8(text), std::string::npos) << text;
  }
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE1\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE1\x80z"}) {
    EXPECT_EQ(find_invalid_utf8(text), 0U) << text;
  }
  EXPECT_EQ(find_invalid_utf8("ab\xFF"), 2U);
  EXPECT_EQ(repair_utf8("a\xFF\xC3\xA9\xE2\x82"), "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace qm::config
