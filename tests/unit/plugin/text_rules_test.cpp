// UTF-8, identifiers, and showing text of unknown origin.
#include "plugin/text_rules.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qm::plugin {
namespace {

TEST(Utf8, AcceptsTheEdgesOfEachLength) {
  for (const char* text :
       {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << printable(text);
  }
}

TEST(Utf8, RefusesWhatRfc3629Refuses) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x9f\xbf", "\xe2\x82",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "\xf0\x90\x80", "\xe2\x28\xa1"}) {
    EXPECT_FALSE(is_utf8(text)) << printable(text);
  }
}

TEST(Utf8, TellsWhereTheFirstBadByteIs) {
  EXPECT_EQ(first_invalid_utf8("ok \xc3\xa4 \xff!"), 6U);
  EXPECT_EQ(first_invalid_utf8("cut \xe2\x82"), 4U);
  EXPECT_EQ(first_invalid_utf8("fine"), std::string_view::npos);
}

TEST(Identifiers, PluginIds) {
  EXPECT_TRUE(is_plugin_id("a"));
  EXPECT_TRUE(is_plugin_id("tv_show2"));
  EXPECT_TRUE(is_plugin_id(std::string(63, 'a')));
  for (const auto& text : {std::string(), std::string("2a"), std::string("_a"),
                           std::string("Movie"), std::string("mo-vie"), std::string("m\xc3\xb6"),
                           std::string(64, 'a'), std::string("a\0b", 3)}) {
    EXPECT_FALSE(is_plugin_id(text)) << printable(text);
  }
}

TEST(Identifiers, SlugsAndQueryNames) {
  EXPECT_TRUE(is_migration_slug("2fa_tables"));
  EXPECT_FALSE(is_migration_slug(""));
  EXPECT_FALSE(is_migration_slug("Create"));
  EXPECT_FALSE(is_migration_slug("../x"));
  EXPECT_TRUE(is_query_name("GetMovie"));
  EXPECT_TRUE(is_query_name("_x1"));
  EXPECT_FALSE(is_query_name("1x"));
  EXPECT_FALSE(is_query_name("Get.Movie"));
  EXPECT_FALSE(is_query_name(""));
}

TEST(Printable, EscapesControlCharactersAndBadBytes) {
  EXPECT_EQ(printable("a\x1b[31m\n"), "a\\x1b[31m\\x0a");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");
  EXPECT_EQ(printable("\xff\xc3\xa4"), "\\xff\xc3\xa4");
}

TEST(Printable, CutsLongText) {
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace qm::plugin
