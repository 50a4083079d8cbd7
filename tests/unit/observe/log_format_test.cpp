// Log records as lines: both formats, and what must not break a line or a JSON parser.
#include "observe/log_format.hpp"

#include <gmock/gmock.h>
#include <rapidjson/reader.h>

namespace qm::observe::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// 2026-11-23T08:00:00.123Z
constexpr std::chrono::system_clock::time_point when{std::chrono::milliseconds{1795420800123}};

LogRecord full_record() {
  return {.time = when,
          .severity = Severity::warning,
          .message = "slow",
          .area = {},
          .query = "movie.GetMovie",
          .plugin = "movie",
          .operation = "execute",
          .duration_ms = 123.4,
          .rows = 1,
          .sqlstate = {},
          .connection = 123,
          .parameters = "[$1 id=7]",
          .slow = true,
          .suppressed = 37,
          .sql = "SELECT \"a\"\nFROM b"};
}

// Keeps the member "message". (rapidjson's Document would do; clang-tidy finds fault with its
// code.)
struct MessageReader : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, MessageReader> {
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    is_message = std::string_view(text, size) == "message";
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (is_message) message.assign(text, size);
    return true;
  }
  bool is_message = false;
  std::string message;
};

// What a strict parser makes of a line's message.
std::string parsed_message(const std::string& line) {
  MessageReader handler;
  rapidjson::Reader reader;
  rapidjson::StringStream stream(line.c_str());
  const auto result = reader.Parse<rapidjson::kParseValidateEncodingFlag>(stream, handler);
  EXPECT_FALSE(result.IsError()) << line;
  return handler.message;
}

TEST(LogText, HoldsEveryField) {
  EXPECT_EQ(format_text(full_record()),
            "2026-11-23T08:00:00.123Z warning slow query=movie.GetMovie plugin=movie "
            "operation=execute duration_ms=123.4 rows=1 connection=123 parameters=[$1 id=7] "
            "slow=true suppressed=37 sql=\"SELECT \\\"a\\\"\\nFROM b\"");
}

TEST(LogText, LeavesOutWhatIsAbsent) {
  EXPECT_EQ(format_text({.time = when, .severity = Severity::info, .message = "ready"}),
            "2026-11-23T08:00:00.123Z info ready");
  EXPECT_EQ(format_text({.time = when,
                         .severity = Severity::error,
                         .message = "two words",
                         .area = "pool",
                         .duration_ms = 0.0}),
            "2026-11-23T08:00:00.123Z error \"two words\" area=pool duration_ms=0");
}

TEST(LogText, WritesTimesBeforeTheEpoch) {
  EXPECT_THAT(
      format_text({.time = std::chrono::system_clock::time_point(std::chrono::milliseconds(-1)),
                   .message = "x"}),
      HasSubstr("1969-12-31T23:59:59.999Z"));
}

TEST(LogText, QuotesWhatIsNotOneWord) {
  for (const auto& [value, shown] : std::vector<std::pair<std::string, std::string>>{
           {"a=b", "\"a=b\""},
           {"back\\slash", "\"back\\\\slash\""},
           {"tab\tcr\rnul" + std::string(1, '\0'), "\"tab\\tcr\\rnul\\x00\""},
           {"\x1b[31m", "\"\\x1b[31m\""},
           {"del\x7f", "\"del\\x7f\""},
           {"bad\xff\xc3", "\"bad\\xff\\xc3\""},
           {"nel\xc2\x85", "\"nel\\u0085\""},
           {"ls\xe2\x80\xa8", "\"ls\\u2028\""},
           {"rlo\xe2\x80\xae", "\"rlo\\u202e\""},
           {"caf\xc3\xa9", "caf\xc3\xa9"},
           {"\xf0\x9f\x8e\xac", "\xf0\x9f\x8e\xac"}}) {
    EXPECT_THAT(format_text({.time = when, .message = "m", .query = value}),
                EndsWith(" query=" + shown));
  }
}

TEST(LogText, EveryByteStaysOnOneLine) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  const std::string line = format_text({.time = when, .message = all, .area = all, .sql = all});
  for (const char each : line)
    EXPECT_TRUE(static_cast<unsigned char>(each) >= 0x20 && each != '\x7f');
}

TEST(LogJson, HoldsEveryField) {
  EXPECT_EQ(format_json(full_record()),
            R"({"time":"2026-11-23T08:00:00.123Z","level":"warning","message":"slow",)"
            R"("query":"movie.GetMovie","plugin":"movie","operation":"execute",)"
            R"("duration_ms":123.4,"rows":1,"connection":123,"parameters":"[$1 id=7]",)"
            R"("slow":true,"suppressed":37,"sql":"SELECT \"a\"\nFROM b"})");
}

TEST(LogJson, IsValidWhateverTheTextsHold) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string value = "<" + std::string(1, static_cast<char>(byte)) + ">";
    const std::string line = format_json({.time = when, .message = value, .query = value});
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    const std::string read = parsed_message(line);
    if (byte < 0x80) {
      EXPECT_EQ(read, value);
    } else {
      EXPECT_EQ(read, "<\\x" + quote(value).substr(4, 2) + ">");
    }
  }
}

TEST(LogJson, KeepsCharactersBeyondAscii) {
  const std::string text = "\xf0\x9f\x8e\xac\xe2\x80\xa8\xc2\x85";
  EXPECT_EQ(parsed_message(format_json({.time = when, .message = text})), text);
}

}  // namespace
}  // namespace qm::observe::test
