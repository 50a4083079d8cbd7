// Files as the query compiler reads and writes them: line ends, byte order marks, encodings,
// positions, and those that cannot be read.
#include "codegen/source.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "codegen_input.hpp"
#include "scratch_directory.hpp"

namespace qm::codegen {
namespace {

using namespace std::string_literals;
using test::fault;
using test::ScratchDirectory;

std::string fault_of(const std::string& bytes) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("q.sql", bytes);
  const std::string text = fault([&] { read_source(file); });
  const std::string prefix = file.string();
  EXPECT_EQ(text.substr(0, prefix.size()), prefix);
  return text.substr(std::min(prefix.size(), text.size()));
}

TEST(Source, TurnsEveryLineEndIntoLf) {
  const Source source("q.sql", "a\r\nb\rc\n\r\nd");
  EXPECT_EQ(source.text(), "a\nb\nc\n\nd");
}

TEST(Source, DropsAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(Source("q.sql", "\xEF\xBB\xBFx").text(), "x");
  EXPECT_EQ(Source("q.sql", "x\xEF\xBB\xBF").text(), "x\xEF\xBB\xBF");
}

TEST(Source, CountsLinesFromOneAndColumnsInCharacters) {
  const Source source("q.sql", "s\xC3\xA4tze\nx");  // "sätze"
  EXPECT_EQ(source.position(0), (Position{1, 1}));
  EXPECT_EQ(source.position(1), (Position{1, 2}));
  EXPECT_EQ(source.position(3), (Position{1, 3}));
  EXPECT_EQ(source.position(7), (Position{2, 1}));
}

TEST(Source, TakesAnOffsetBeyondTheEndAsTheEnd) {
  const Source source("q.sql", "ab\ncd");
  EXPECT_EQ(source.position(5), (Position{2, 3}));
  EXPECT_EQ(source.position(500), (Position{2, 3}));
  EXPECT_EQ(Source("q.sql", "").position(9), (Position{1, 1}));
}

TEST(Source, FindsCharactersAsTheServerCountsThem) {
  const std::string_view text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8E\xACz";
  EXPECT_EQ(character_offset(text, 0), 0U);
  EXPECT_EQ(character_offset(text, 2), 3U);
  EXPECT_EQ(character_offset(text, 4), 10U);
  EXPECT_EQ(character_offset(text, 5), text.size());
  EXPECT_EQ(character_offset(text, 99), text.size());
}

TEST(ReadSource, ReadsWhatIsThere) {
  const ScratchDirectory scratch;
  const Source source = read_source(scratch.write("q.sql", "\xEF\xBB\xBFselect '\xC3\xA4'\r\n"));
  EXPECT_EQ(source.text(), "select '\xC3\xA4'\n");
  EXPECT_EQ(source.name(), (scratch.path() / "q.sql").string());
}

TEST(ReadSource, ReadsEveryLengthOfCharacter) {
  const ScratchDirectory scratch;
  // The first and the last character of one to four bytes, and those around the surrogates.
  const std::string text =
      "\x01\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80\x80"
      "\xF4\x8F\xBF\xBF";
  EXPECT_EQ(read_source(scratch.write("q.sql", text)).text(), text);
}

TEST(ReadSource, RefusesAFileThatIsNotThere) {
  EXPECT_EQ(fault([] { read_source("/nowhere/q.sql"); }),
            "/nowhere/q.sql: expected a readable file, found No such file or directory");
}

TEST(ReadSource, RefusesADirectory) {
  const ScratchDirectory scratch;
  EXPECT_EQ(fault([&] { read_source(scratch.path()); }),
            scratch.path().string() + ": expected a readable file, found Is a directory");
}

TEST(ReadSource, RefusesWhatHasNoEnd) {
  EXPECT_EQ(fault([] { read_source("/dev/zero"); }),
            "/dev/zero: expected at most 64 MiB, found more");
}

TEST(ReadSource, RefusesNul) {
  EXPECT_EQ(fault_of("select\n  1\0"s), ":2:4: expected UTF-8 text, found a NUL byte");
}

TEST(ReadSource, RefusesLatin1) {
  EXPECT_EQ(fault_of("select\n 's\xE4tze'"), ":2:4: expected UTF-8 text, found byte 0xe4");
}

TEST(ReadSource, RefusesBytesThatOnlyLookLikeUtf8) {
  EXPECT_EQ(fault_of("\xC0\xAF"), ":1:1: expected UTF-8 text, found byte 0xc0");      // overlong
  EXPECT_EQ(fault_of("\xE0\x9F\x80"), ":1:1: expected UTF-8 text, found byte 0xe0");  // overlong
  EXPECT_EQ(fault_of("\xED\xA0\x80"), ":1:1: expected UTF-8 text, found byte 0xed");  // surrogate
  EXPECT_EQ(fault_of("\xF0\x8F\xBF\xBF"),
            ":1:1: expected UTF-8 text, found byte 0xf0");  // overlong
  EXPECT_EQ(fault_of("\xF4\x90\x80\x80"),
            ":1:1: expected UTF-8 text, found byte 0xf4");  // too high
  EXPECT_EQ(fault_of("\xF5\x80\x80\x80"), ":1:1: expected UTF-8 text, found byte 0xf5");
  EXPECT_EQ(fault_of("ab\xC3"), ":1:3: expected UTF-8 text, found byte 0xc3");  // cut off
  EXPECT_EQ(fault_of("ab\xE2\x82"), ":1:3: expected UTF-8 text, found byte 0xe2");
}

TEST(WriteIfChanged, LeavesAFileAloneThatHasTheContent) {
  const ScratchDirectory scratch;
  const auto file = scratch.path() / "a" / "b" / "out.txt";
  EXPECT_TRUE(write_if_changed(file, "one"));
  const auto age = std::filesystem::last_write_time(file) - std::chrono::hours(1);
  std::filesystem::last_write_time(file, age);
  EXPECT_FALSE(write_if_changed(file, "one"));
  EXPECT_EQ(std::filesystem::last_write_time(file), age);
  EXPECT_TRUE(write_if_changed(file, "two"));
  std::ifstream stream(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "two");
}

TEST(WriteIfChanged, RefusesWhatCannotBeWritten) {
  const ScratchDirectory scratch;
  EXPECT_EQ(
      fault([&] { write_if_changed(scratch.path(), "x"); }),
      scratch.path().string() + ": expected a file that can be written, found Is a directory");
}

}  // namespace
}  // namespace qm::codegen
