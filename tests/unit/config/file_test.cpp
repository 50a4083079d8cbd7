// Files that cannot be read, are not YAML, or say what no key table can take.
#include <gmock/gmock.h>

#include <filesystem>

#include "loading.hpp"

namespace qm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class File : public Loading {};

TEST_F(File, EmptyOnesAreTheDefaults) {
  for (const char* text : {"", "\n", "# nothing yet\n", "---\n", "~", "\xEF\xBB\xBF", "{}",
                           "database:\nlog:\n", "database: {}\n"}) {
    SCOPED_TRACE(text);
    const ConfigLoader loader = load(text);
    EXPECT_EQ(loader.config().database.max_conns, 0U);
    EXPECT_EQ(loader.config().http.port, 9187);
    for (const ConfigEntry& each : loader.entries())
      EXPECT_EQ(each.origin, "default");
  }
}

TEST_F(File, MissingDirectoryUnreadableTooLarge) {
  ConfigSources sources;
  sources.file = scratch_.path() / "absent.yaml";
  EXPECT_EQ(error_of(sources), "configuration file absent.yaml: No such file or directory");
  sources.file = scratch_.make_directory("folder");
  EXPECT_EQ(error_of(sources), "configuration file folder: is a directory (name a YAML file)");
  sources.file = scratch_.write("plain", "x") / "below.yaml";
  EXPECT_EQ(error_of(sources), "configuration file plain/below.yaml: Not a directory");
  // A link to itself cannot be opened, whoever asks: the tests may run as root.
  std::filesystem::create_symlink("loop.yaml", scratch_.path() / "loop.yaml");
  sources.file = scratch_.path() / "loop.yaml";
  EXPECT_EQ(error_of(sources), "configuration file loop.yaml: Too many levels of symbolic links");
  EXPECT_EQ(file_error(std::string(std::size_t{1024} * 1024 + 1, '#')),
            "configuration file q.yaml: is larger than 1024 KiB");
}

TEST_F(File, MustBeText) {
  EXPECT_EQ(file_error("log:\n  file: \xFF\n"),
            "configuration file q.yaml:2: byte 0xff at offset 13 is not UTF-8 text (save the file "
            "as UTF-8)");
  EXPECT_THAT(file_error(std::string("log:\n  file: a\0b\n", 17)),
              StartsWith("configuration file q.yaml:2: byte 0x00"));
  EXPECT_THAT(file_error("\xFF\xFEl\0o\0g\0"), HasSubstr("is not UTF-8 text"));
}

TEST_F(File, SyntaxErrorsHaveAPlace) {
  EXPECT_THAT(file_error("database:\n  url: [1, 2\nlog: x\n"),
              StartsWith("configuration file q.yaml:"));
  EXPECT_EQ(file_error("database:\n\turl: x\n"),
            "configuration file q.yaml:2:5: is not YAML: illegal map value");
  EXPECT_THAT(file_error("a: *nowhere\n"), HasSubstr("is not YAML"));
  EXPECT_THAT(file_error("a: b: c\n"), StartsWith("configuration file q.yaml:1:5: is not YAML"));
  EXPECT_THAT(file_error(std::string(200000, '[')), HasSubstr("is not YAML"));
  EXPECT_THAT(file_error("log: {level: info}\n---\nlog: {level: debug}\n"),
              HasSubstr("more than one YAML document"));
}

TEST_F(File, NotAMapping) {
  EXPECT_EQ(file_error("just a text\n"),
            "q.yaml:1:1: expected a mapping of sections, found a text (sections are database, log, "
            "http, plugins, embedded)");
  EXPECT_THAT(file_error("- a\n- b\n"), HasSubstr("expected a mapping of sections, found a list"));
  EXPECT_EQ(file_error("database: 5\n"),
            "q.yaml:1:11: database: expected a mapping of keys, found a text");
  EXPECT_EQ(file_error("log:\n  - level\n"),
            "q.yaml:2:3: log: expected a mapping of keys, found a list");
  EXPECT_EQ(file_error("? [a, b]\n: c\n"), "q.yaml:1:3: expected a key, found a list");
}

TEST_F(File, UnknownKeysAreNamedWithTheNearest) {
  EXPECT_EQ(file_error("database:\n  max_cons: 5\n"),
            "q.yaml:2:3: expected a known key, found \"database.max_cons\" (did you mean "
            "database.max_conns?)");
  EXPECT_EQ(file_error("Database:\n  max_conns: 5\n"),
            "q.yaml:1:1: expected one of the sections, found \"Database\" (did you mean "
            "database?)");
  EXPECT_EQ(file_error("database:\n  zebra: 5\n"),
            "q.yaml:2:3: expected a known key, found \"database.zebra\"");
  EXPECT_THAT(file_error("max_conns: 5\n"), HasSubstr("(max_conns belongs below database:)"));
  EXPECT_THAT(file_error("log.level: info\n"), HasSubstr("(write it as level below log:)"));
  EXPECT_THAT(file_error("zebra: 5\n"), HasSubstr("(sections are database, log, http"));
  // What a key looks like cannot forge lines of the message.
  EXPECT_THAT(file_error("log: {\"a\\nb\": 1}\n"), HasSubstr("found \"log.a?b\""));
  EXPECT_THAT(file_error("log: {" + std::string(500, 'x') + ": 1}\n"), HasSubstr("xxx...\""));
}

TEST_F(File, RepeatedKeys) {
  EXPECT_EQ(file_error("log:\n  level: info\n  level: debug\n"),
            "q.yaml:3:3: log.level: the key stands there twice (keep one of them)");
  EXPECT_EQ(file_error("log: {level: info}\nhttp: {}\nlog: {format: json}\n"),
            "q.yaml:3:1: log: the key stands there twice (keep one of them)");
}

TEST_F(File, AnchorsAreYamlToo) {
  const ConfigLoader loader = load("database: {connect_timeout: &t 3s, acquire_timeout: *t}\n");
  EXPECT_EQ(loader.config().database.acquire_timeout, std::chrono::seconds{3});
}

TEST_F(File, ErrorsNeverRepeatConnectionStrings) {
  const std::string secret = "hunter2secret";
  for (const std::string& text : {"database:\n  url: [\"postgresql://u:" + secret + "@h/d\"]\n",
                                  "database:\n  url: \"postgresql://u:" + secret + "@[h/d\"\n",
                                  "database:\n  url: password=x " + secret + "\n",
                                  "database:\n  url: \"postgresql://u:\\q" + secret + "@h/d\"\n",
                                  "database:\n  url: {password: " + secret + "}\n",
                                  "database:\n  url: postgresql://u:" + secret + "@h/d: x\n",
                                  "database:\n  url: *" + secret + "\n"}) {
    SCOPED_TRACE(text);
    const std::string error = file_error(text);
    EXPECT_NE(error, "(no error)");
    EXPECT_THAT(error, Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace qm::test
