// Interval: both styles of text, and its binary format.
#include <gtest/gtest.h>

#include "fields.hpp"
#include "query/interval.hpp"

namespace qm {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t hour = 3600 * second;

Interval make(std::int32_t months, std::int32_t days, std::int64_t micros) {
  return {.months = months, .days = days, .micros = micros};
}

TEST(Interval, ReadsPostgresStyle) {
  EXPECT_EQ(Interval::parse("1 year 2 mons -3 days 04:05:06.5"),
            make(14, -3, 4 * hour + 306 * second + second / 2));
  EXPECT_EQ(Interval::parse("1 mon"), make(1, 0, 0));
  EXPECT_EQ(Interval::parse("-1 years"), make(-12, 0, 0));
  EXPECT_EQ(Interval::parse("-1 days +02:03:00"), make(0, -1, 2 * hour + 180 * second));
  EXPECT_EQ(Interval::parse("-00:00:00.5"), make(0, 0, -second / 2));
  EXPECT_EQ(Interval::parse("1000:00:00"), make(0, 0, 1000 * hour));
  EXPECT_EQ(Interval::parse("00:00:00"), Interval{});
}

TEST(Interval, ReadsIso8601) {
  EXPECT_EQ(Interval::parse("P1Y2M-3DT4H5M6.5S"),
            make(14, -3, 4 * hour + 306 * second + second / 2));
  EXPECT_EQ(Interval::parse("PT0S"), Interval{});
  EXPECT_EQ(Interval::parse("P2W"), make(0, 14, 0));
  EXPECT_EQ(Interval::parse("PT-0.000001S"), make(0, 0, -1));
  EXPECT_EQ(Interval::parse("PT36H"), make(0, 0, 36 * hour));
}

TEST(Interval, PrintsIso8601) {
  EXPECT_EQ(make(14, -3, 4 * hour + 306 * second + second / 2).to_string(), "P1Y2M-3DT4H5M6.5S");
  EXPECT_EQ(Interval{}.to_string(), "PT0S");
  EXPECT_EQ(make(0, 0, -1).to_string(), "PT-0.000001S");
  EXPECT_EQ(make(0, 0, -hour - 1).to_string(), "PT-1H-0.000001S");
  EXPECT_EQ(make(-14, 0, 0).to_string(), "P-1Y-2M");
}

TEST(Interval, PrintsPostgresStyle) {
  const auto text = [](const Interval& interval) { return query::postgres_text(interval); };
  EXPECT_EQ(text(make(14, -3, 4 * hour + 306 * second + second / 2)),
            "1 year 2 mons -3 days +04:05:06.5");
  EXPECT_EQ(text(make(-1, 1, 0)), "-1 mons +1 day");
  EXPECT_EQ(text(make(1, 1, -second)), "1 mon 1 day -00:00:01");
  EXPECT_EQ(text(Interval{}), "00:00:00");
  EXPECT_EQ(text(make(24, 0, 0)), "2 years");
  EXPECT_EQ(text(make(0, 0, 100 * hour)), "100:00:00");
}

TEST(Interval, TheEndsOfItsRangeComeBack) {
  for (const Interval& interval :
       {make(INT32_MAX, INT32_MAX, INT64_MAX - 1), make(INT32_MIN, INT32_MIN, INT64_MIN + 1),
        make(0, 0, INT64_MIN), make(0, 0, INT64_MAX), make(INT32_MIN, 0, 0),
        make(0, INT32_MIN, 0)}) {
    EXPECT_EQ(Interval::parse(interval.to_string()), interval) << interval.to_string();
    EXPECT_EQ(Interval::parse(query::postgres_text(interval)), interval);
    EXPECT_EQ(echoed(interval), interval);
  }
  EXPECT_EQ(make(0, 0, INT64_MIN).to_string(), "PT-2562047788H-54.775808S");
}

TEST(Interval, AllPartsAtTheirLimitIsInfinity) {
  const Interval infinity = make(INT32_MAX, INT32_MAX, INT64_MAX);
  const Interval minus_infinity = make(INT32_MIN, INT32_MIN, INT64_MIN);
  EXPECT_EQ(infinity.to_string(), "infinity");
  EXPECT_EQ(minus_infinity.to_string(), "-infinity");
  EXPECT_EQ(query::postgres_text(minus_infinity), "-infinity");
  EXPECT_EQ(Interval::parse("infinity"), infinity);
  EXPECT_EQ(Interval::parse("-infinity"), minus_infinity);
  EXPECT_EQ(echoed(infinity), infinity);
}

TEST(Interval, RefusesOtherText) {
  for (const char* text : {"",
                           "P",
                           "PT",
                           "1",
                           "1 day 2",
                           "1 fortnight",
                           "day",
                           "1day",
                           "P1",
                           "P1H",
                           "PT1D",
                           "P1.5Y",
                           "PT1.5H",
                           "PT1.S",
                           "04:05",
                           "4:5:6",
                           "04:60:00",
                           "04:05:60",
                           "04:05:-06",
                           "1 day  2 days",
                           "1 day ",
                           "1 day ago",
                           "P178956971Y",
                           "99999999999 days",
                           "PT2562047789H"}) {
    EXPECT_EQ(refusal_of_parsing<Interval>(text),
              "interval: expected \"1 year 2 mons 3 days 04:05:06\" or \"P1Y2M3DT4H5M6S\", found "
              "\"" +
                  std::string(text) + '"');
  }
}

TEST(IntervalCodec, IsMicrosecondsDaysMonths) {
  EXPECT_EQ(sent(oids::interval, make(1, 2, 3)), Wire().i64(3).i32(2).i32(1).data());
  EXPECT_EQ(Codec<Interval>::decode(Wire().i64(-3).i32(-2).i32(-1).field(oids::interval)),
            make(-1, -2, -3));
  EXPECT_EQ(Codec<Interval>::decode(text_field(oids::interval, "1 day")), make(0, 1, 0));
  EXPECT_EQ(refusal_of_reading<Interval>(Wire().i64(0).i32(0).field(oids::interval)),
            "value: expected 16 bytes of interval, found 12 bytes");
  EXPECT_EQ(refusal_of_reading<Interval>(Wire().i64(0).field(oids::time)),
            "value: expected interval, found time without time zone");
}

}  // namespace
}  // namespace qm
