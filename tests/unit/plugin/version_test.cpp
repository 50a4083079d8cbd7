// Plugin versions and the ranges that dependencies ask for.
#include "plugin/version.hpp"

#include <gtest/gtest.h>

namespace qm::plugin {
namespace {

TEST(Version, ParsesThreeNumbers) {
  EXPECT_EQ(Version::parse("1.20.300"), (Version{1, 20, 300}));
  EXPECT_EQ(Version::parse("0.0.0"), (Version{}));
  EXPECT_EQ(Version::parse("4294967295.0.0"), (Version{4294967295U, 0, 0}));
}

TEST(Version, RefusesAnythingElse) {
  for (const char* text :
       {"", "1", "1.2", "1.2.", "1.2.3.4", "1.2.3 ", " 1.2.3", "v1.2.3", "01.2.3", "1.02.3",
        "1.2.3-rc1", "-1.2.3", "+1.2.3", "1..3", "4294967296.0.0"}) {
    EXPECT_FALSE(Version::parse(text)) << text;
  }
}

TEST(Version, ComparesFromTheLeftAsNumbers) {
  EXPECT_LT(*Version::parse("0.9.9"), *Version::parse("0.10.0"));
  EXPECT_LT(*Version::parse("1.0.9"), *Version::parse("1.1.0"));
  EXPECT_LT(*Version::parse("9.9.9"), *Version::parse("10.0.0"));
}

bool matches(const char* range, const char* version) {
  return VersionRange::parse(range).value().contains(Version::parse(version).value());
}

TEST(VersionRange, AllComparisonsMustHold) {
  EXPECT_TRUE(matches(">=0.1.0 <1.0.0", "0.1.0"));
  EXPECT_TRUE(matches(">=0.1.0 <1.0.0", "0.99.99"));
  EXPECT_FALSE(matches(">=0.1.0 <1.0.0", "1.0.0"));
  EXPECT_FALSE(matches(">=0.1.0 <1.0.0", "0.0.9"));
}

TEST(VersionRange, EachOperator) {
  EXPECT_FALSE(matches(">1.0.0", "1.0.0"));
  EXPECT_TRUE(matches(">1.0.0", "1.0.1"));
  EXPECT_TRUE(matches("<=1.0.0", "1.0.0"));
  EXPECT_FALSE(matches("<=1.0.0", "1.0.1"));
  EXPECT_TRUE(matches("=1.0.0", "1.0.0"));
  EXPECT_FALSE(matches("=1.0.0", "1.0.1"));
}

TEST(VersionRange, EmptyIsAny) {
  EXPECT_TRUE(matches("", "0.0.0"));
  EXPECT_TRUE(matches("   ", "9.9.9"));
}

TEST(VersionRange, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"1.0.0", "~1.0.0", "^1.0.0", ">= 1.0.0", ">=1.0", "==1.0.0",
                           ">=1.0.0,<2.0.0", "*", "latest"}) {
    EXPECT_FALSE(VersionRange::parse(text)) << text;
  }
}

}  // namespace
}  // namespace qm::plugin
