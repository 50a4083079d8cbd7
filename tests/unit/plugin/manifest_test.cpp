// What a manifest must look like, and what the messages say when it does not.
#include "plugin/manifest.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/error.hpp>
#include <string>

namespace qm::plugin {
namespace {

using testing::HasSubstr;

constexpr const char* complete = R"({
  "id": "movie", "name": "Movies", "version": "0.1.0", "abi_major": 1, "abi_minor": 0,
  "library": "sub/movie.so",
  "dependencies": [{"id": "shared", "version": ">=0.1.0 <1.0.0"}, {"id": "other"}],
  "optional": true
})";

std::string problem_of(std::string_view text) {
  try {
    parse_manifest(text, "/plugins/movie.json");
  } catch (const PluginError& error) {
    return error.what();
  }
  return "(accepted)";
}

// The complete manifest with one piece of text replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string text = complete;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Manifest, ReadsEveryMember) {
  const Manifest manifest = parse_manifest(complete, "/plugins/movie.json");
  EXPECT_EQ(manifest.id, "movie");
  EXPECT_EQ(manifest.name, "Movies");
  EXPECT_EQ(manifest.version, (Version{0, 1, 0}));
  EXPECT_EQ(manifest.abi_major, 1U);
  EXPECT_EQ(manifest.abi_minor, 0U);
  EXPECT_EQ(manifest.file, "/plugins/movie.json");
  EXPECT_EQ(manifest.library, "/plugins/sub/movie.so");
  ASSERT_EQ(manifest.dependencies.size(), 2U);
  EXPECT_EQ(manifest.dependencies[0].id, "shared");
  EXPECT_EQ(manifest.dependencies[0].version_range, ">=0.1.0 <1.0.0");
  EXPECT_EQ(manifest.dependencies[1].version_range, "");
  EXPECT_TRUE(manifest.optional);
}

TEST(Manifest, DefaultsAndUnknownMembers) {
  const Manifest manifest = parse_manifest(
      R"({"id":"a","version":"1.0.0","abi_major":1,"abi_minor":0,"library":"a.so","later":[{}]})",
      "/p/a.json");
  EXPECT_EQ(manifest.name, "a");
  EXPECT_TRUE(manifest.dependencies.empty());
  EXPECT_FALSE(manifest.optional);
}

TEST(Manifest, SyntaxErrorsHaveLineAndColumn) {
  EXPECT_THAT(problem_of("{\n  \"id\": movie\n}"), HasSubstr("/plugins/movie.json:2:9"));
  EXPECT_THAT(problem_of(""), HasSubstr("/plugins/movie.json:1:1"));
  EXPECT_THAT(problem_of(std::string(complete) + "x"), HasSubstr("/plugins/movie.json:6:2"));
  EXPECT_THAT(problem_of("\x7f"
                         "ELF"),
              HasSubstr("expected JSON"));
}

TEST(Manifest, TextMustBeUtf8WithoutNul) {
  EXPECT_THAT(problem_of("{\n\"id\": \"\xff\"}"), HasSubstr("movie.json:2:8: expected UTF-8"));
  EXPECT_THAT(problem_of(std::string(complete) + std::string("\0{", 2)), HasSubstr("a NUL byte"));
  EXPECT_THAT(problem_of(with("sub/movie.so", "movie.so\\u0000.txt")), HasSubstr("without NUL"));
  EXPECT_THAT(problem_of(with("Movies", "\\ud800")), HasSubstr("expected JSON"));
}

TEST(Manifest, NestingCostsNoStack) {
  EXPECT_THAT(problem_of(std::string(500'000, '[')), HasSubstr("expected JSON"));
  EXPECT_THAT(problem_of(std::string(500'000, '[') + std::string(500'000, ']')),
              HasSubstr("expected an object, found an array"));
}

TEST(Manifest, HugeTextIsRefused) {
  EXPECT_THAT(problem_of(std::string(max_manifest_bytes + 1, ' ')),
              HasSubstr("at most 1048576 bytes"));
}

TEST(Manifest, EveryRequiredMemberIsAskedFor) {
  for (const char* member :
       {"\"id\": \"movie\", ", "\"version\": \"0.1.0\", ", "\"abi_major\": 1, ",
        "\"abi_minor\": 0,", "\"library\": \"sub/movie.so\","}) {
    EXPECT_THAT(problem_of(with(member, "")), HasSubstr("no such member")) << member;
  }
}

TEST(Manifest, MembersHaveTheirTypes) {
  EXPECT_THAT(problem_of("[]"), HasSubstr("expected an object, found an array"));
  EXPECT_THAT(problem_of(with("\"movie\"", "7")), HasSubstr("expected a string, found a number"));
  EXPECT_THAT(problem_of(with("\"abi_major\": 1", "\"abi_major\": \"1\"")),
              HasSubstr("\"abi_major\": expected a whole number from 0, found a string"));
  EXPECT_THAT(problem_of(with("\"abi_major\": 1", "\"abi_major\": -1")), HasSubstr("whole number"));
  EXPECT_THAT(problem_of(with("\"abi_major\": 1", "\"abi_major\": 4294967296")),
              HasSubstr("whole number"));
  EXPECT_THAT(problem_of(with("\"optional\": true", "\"optional\": \"no\"")),
              HasSubstr("true or false"));
  EXPECT_THAT(problem_of(with("{\"id\": \"other\"}", "\"other\"")),
              HasSubstr("dependency 2: expected an object"));
}

TEST(Manifest, AMemberTwiceIsRefused) {
  EXPECT_THAT(problem_of(with("\"optional\": true", "\"id\": \"qar\"")),
              HasSubstr("\"id\": expected once, found more than once"));
}

TEST(Manifest, SyntaxOfIdVersionAndRange) {
  EXPECT_THAT(problem_of(with("\"movie\"", "\"../movie\"")), HasSubstr("[a-z][a-z0-9_]{0,62}"));
  EXPECT_THAT(problem_of(with("\"movie\"", "\"\\u001b[2J\"")), HasSubstr("\\x1b[2J"));
  EXPECT_THAT(problem_of(with("\"0.1.0\"", "\"0.1\"")), HasSubstr("MAJOR.MINOR.PATCH"));
  EXPECT_THAT(problem_of(with(">=0.1.0 <1.0.0", "~0.1")), HasSubstr("comparisons such as"));
  EXPECT_THAT(problem_of(with("{\"id\": \"other\"}", "{\"id\": \"shared\"}")),
              HasSubstr("shared more than once"));
}

TEST(Manifest, TheLibraryStaysBelowTheManifest) {
  for (const char* library :
       {"../movie.so", "sub/../../movie.so", "/usr/lib/movie.so", "", "..", "sub/.."}) {
    EXPECT_THAT(problem_of(with("sub/movie.so", library)),
                HasSubstr("a path below the manifest's directory"))
        << library;
  }
}

}  // namespace
}  // namespace qm::plugin
