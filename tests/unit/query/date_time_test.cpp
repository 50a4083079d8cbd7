// Dates, timestamps and times of day: text, limits, infinities, years BC, wire formats.
#include <gtest/gtest.h>

#include <chrono>

#include "fields.hpp"

namespace qm {
namespace {

using namespace std::chrono_literals;
namespace chrono = std::chrono;

TEST(Date, CountsDaysOfTheProlepticGregorianCalendar) {
  EXPECT_EQ(Date::parse("1970-01-01").days, 0);
  EXPECT_EQ(Date::parse("2000-01-01").days, 10957);
  EXPECT_EQ(Date::parse("1969-12-31").days, -1);
  EXPECT_EQ(Date::parse("0001-01-01").days, -719162);
  EXPECT_EQ(Date::parse("0001-12-31 BC").days, -719163);
  EXPECT_EQ(Date::parse("4714-11-24 BC").days, -2440588);
  EXPECT_EQ(Date::parse("5874897-12-31").days, 2145042905);
}

TEST(Date, AgreesWithChronoAndItsOwnText) {
  const int first = chrono::sys_days(chrono::year(-4712) / 1 / 1).time_since_epoch().count();
  const int last = chrono::sys_days(chrono::year(32767) / 12 / 31).time_since_epoch().count();
  for (int day = first; day <= last; day += 97) {
    const Date date(day);
    const chrono::year_month_day expected{chrono::sys_days(chrono::days(day))};
    ASSERT_EQ(date.ymd(), expected) << day;
    ASSERT_EQ(Date::parse(date.to_string()), date) << date.to_string();
    ASSERT_EQ(Date(chrono::sys_days(expected)), date);
  }
}

TEST(Date, PrintsYearsBeforeOneAsBc) {
  EXPECT_EQ(Date(-719163).to_string(), "0001-12-31 BC");
  EXPECT_EQ(Date(-2440588).to_string(), "4714-11-24 BC");
  EXPECT_EQ(Date(2145042905).to_string(), "5874897-12-31");
  EXPECT_EQ(Date::parse("0044-03-15 bc").to_string(), "0044-03-15 BC");
}

TEST(Date, KnowsLeapYears) {
  for (const char* text : {"2024-02-29", "2000-02-29", "0001-02-29 BC", "0005-02-29 BC"})
    EXPECT_EQ(Date::parse(text).to_string(), text);
  for (const char* text : {"2023-02-29", "1900-02-29", "0002-02-29 BC", "0101-02-29 BC"})
    EXPECT_NE(refusal_of_parsing<Date>(text), "(accepted)") << text;
}

TEST(Date, Infinities) {
  EXPECT_EQ(Date::parse("infinity").days, INT32_MAX);
  EXPECT_EQ(Date::parse("-Infinity").days, INT32_MIN);
  EXPECT_EQ(Date(INT32_MAX).to_string(), "infinity");
  EXPECT_EQ(Date(INT32_MIN).to_string(), "-infinity");
  EXPECT_FALSE(Date(INT32_MAX).is_finite());
  EXPECT_TRUE(Date(0).is_finite());
  EXPECT_LT(Date::parse("5874897-12-31"), Date::parse("infinity"));
}

TEST(Date, RefusesOtherText) {
  for (const char* text :
       {"", "2024", "2024-5-6", "2024-13-01", "2024-00-10", "2024-04-31", "2024-04-00", "24-04-01",
        "0000-01-01", "0000-01-01 BC", "-2024-01-01", "2024-01-01 ", "2024-01-01 AD", "2024/01/01",
        "4714-11-23 BC", "4715-01-01 BC", "5874898-01-01", "99999999-01-01"}) {
    EXPECT_EQ(refusal_of_parsing<Date>(text),
              "date: expected a day as YYYY-MM-DD, found \"" + std::string(text) + "\"");
  }
}

TEST(Date, ChronoHoldsFewerYears) {
  EXPECT_EQ(refusal_of([] { return Date::parse("32768-01-01").ymd(); }),
            "date: expected a year that std::chrono can hold, found 32768-01-01");
  EXPECT_EQ(refusal_of([] { return Date::parse("infinity").ymd(); }),
            "date: expected a year that std::chrono can hold, found infinity");
}

TEST(DateCodec, CountsFromTheYear2000OnTheWire) {
  EXPECT_EQ(sent(oids::date, Date::parse("2000-01-01")), Wire().i32(0).data());
  EXPECT_EQ(sent(oids::date, Date::parse("1999-12-31")), Wire().i32(-1).data());
  EXPECT_EQ(sent(oids::date, Date(INT32_MAX)), Wire().i32(INT32_MAX).data());
  EXPECT_EQ(sent(oids::date, Date(INT32_MIN)), Wire().i32(INT32_MIN).data());
}

TEST(DateCodec, ComesBackAtTheEndsOfItsRange) {
  for (const char* text :
       {"4714-11-24 BC", "5874897-12-31", "infinity", "-infinity", "1970-01-01", "2000-01-01"}) {
    EXPECT_EQ(echoed(Date::parse(text)).to_string(), text);
    EXPECT_EQ(Codec<Date>::decode(text_field(oids::date, text)).to_string(), text);
  }
}

TEST(DateCodec, RefusesWhatIsOutsideInBothDirections) {
  const std::string outside =
      "parameter: expected a value in the range of date, found one outside it";
  EXPECT_EQ(refusal_of_sending(oids::date, Date(-2440589)), outside);
  EXPECT_EQ(refusal_of_sending(oids::date, Date(2145042906)), outside);
  EXPECT_EQ(refusal_of_sending(oids::date, Date(INT32_MIN + 1)), outside);
  const std::string broken =
      "value: expected the binary format of date, found a value outside its range";
  EXPECT_EQ(refusal_of_reading<Date>(Wire().i32(-2451546).field(oids::date)), broken);
  EXPECT_EQ(refusal_of_reading<Date>(Wire().i32(2145031949).field(oids::date)), broken);
}

TEST(DateCodec, RefusesOtherSizesAndTypes) {
  EXPECT_EQ(refusal_of_reading<Date>(Wire().i16(0).field(oids::date)),
            "value: expected 4 bytes of date, found 2 bytes");
  EXPECT_EQ(refusal_of_reading<Date>(Wire().i32(0).field(oids::int4)),
            "value: expected date, found integer");
  EXPECT_EQ(refusal_of_reading<Date>(null_field(oids::date)), "value: expected date, found null");
  EXPECT_EQ(refusal_of_sending(oids::timestamp, Date(0)),
            "parameter: expected a value for timestamp without time zone, found one of date");
}

TEST(Timestamp, ReadsAndPrintsMicroseconds) {
  EXPECT_EQ(Timestamp::parse("1970-01-01 00:00:00").micros, 0);
  EXPECT_EQ(Timestamp::parse("2000-01-01T00:00:00.000001").micros, 946'684'800'000'001);
  EXPECT_EQ(Timestamp::parse("1969-12-31 23:59:59.999999").micros, -1);
  EXPECT_EQ(Timestamp(-1).to_string(), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(Timestamp(500'000).to_string(), "1970-01-01 00:00:00.5");
  EXPECT_EQ(Timestamp::parse("2024-05-06").to_string(), "2024-05-06 00:00:00");
  EXPECT_EQ(Timestamp::parse("2024-05-06 07:08").to_string(), "2024-05-06 07:08:00");
  EXPECT_EQ(Timestamp::parse("2023-12-31 24:00:00").to_string(), "2024-01-01 00:00:00");
  EXPECT_EQ(Timestamp::parse("2016-12-31 23:59:60").to_string(), "2017-01-01 00:00:00");
}

TEST(Timestamp, RoundsHalfToEven) {
  const auto fraction = [](const char* digits) {
    return Timestamp::parse(std::string("1970-01-01 00:00:00.") + digits).micros;
  };
  EXPECT_EQ(fraction("0000005"), 0);
  EXPECT_EQ(fraction("0000015"), 2);
  EXPECT_EQ(fraction("00000050001"), 1);
  EXPECT_EQ(fraction("0000004999"), 0);
  EXPECT_EQ(fraction("9999995"), 1'000'000);
}

TEST(Timestamp, YearsBc) {
  const Timestamp ides = Timestamp::parse("0044-03-15 12:00:00 BC");
  EXPECT_EQ(ides.to_string(), "0044-03-15 12:00:00 BC");
  EXPECT_EQ(TimestampTz::parse("0044-03-15 12:00:00+00 BC").to_string(),
            "0044-03-15 12:00:00+00 BC");
  EXPECT_LT(ides, Timestamp(0));
}

TEST(Timestamp, HasItsLimits) {
  EXPECT_EQ(Timestamp::parse("4714-11-24 00:00:00 BC").micros, -210'866'803'200'000'000);
  EXPECT_EQ(Timestamp::parse("294247-01-10 04:00:54.775806").micros, INT64_MAX - 1);
  for (const char* text :
       {"4714-11-23 23:59:59 BC", "294247-01-10 04:00:54.775807", "294247-01-10 04:00:54.775808",
        "294276-12-31 23:59:59", "5874897-12-31 00:00:00"}) {
    EXPECT_NE(refusal_of_parsing<Timestamp>(text), "(accepted)") << text;
  }
  EXPECT_EQ(Timestamp::parse("infinity").micros, INT64_MAX);
  EXPECT_EQ(Timestamp::parse("-infinity").micros, INT64_MIN);
  EXPECT_EQ(TimestampTz(INT64_MAX).to_string(), "infinity");
  EXPECT_EQ(TimestampTz(INT64_MIN).to_string(), "-infinity");
}

TEST(Timestamp, MayHaveNoOffset) {
  const std::string expected =
      "timestamp: expected a time as YYYY-MM-DD HH:MM:SS without an offset, found ";
  for (const char* text :
       {"2024-05-06 07:08:09Z", "2024-05-06 07:08:09+02", "2024-05-06 7:08", "2024-05-06 07:60:00",
        "2024-05-06 07:08:61", "2024-05-06 24:00:01", "2024-05-06 07:08:09.", "2024-05-06  07:08",
        "2024-02-30 00:00:00", "2024-05-06 07:08:60.5", "noon"}) {
    EXPECT_EQ(refusal_of_parsing<Timestamp>(text), expected + '"' + text + '"');
  }
}

TEST(TimestampTz, CountsItsOffset) {
  const auto utc = [](const char* text) { return TimestampTz::parse(text).to_string(); };
  EXPECT_EQ(utc("2024-05-06 07:08:09.5Z"), "2024-05-06 07:08:09.5+00");
  EXPECT_EQ(utc("2024-05-06 07:08:09+02"), "2024-05-06 05:08:09+00");
  EXPECT_EQ(utc("2024-05-06T07:08:09-03:30"), "2024-05-06 10:38:09+00");
  EXPECT_EQ(utc("2024-05-06T07:08:09-0330"), "2024-05-06 10:38:09+00");
  EXPECT_EQ(utc("1890-01-01 00:00:00+00:19:32"), "1889-12-31 23:40:28+00");
  EXPECT_EQ(utc("2024-01-01 00:00:00+15:59:59"), "2023-12-31 08:00:01+00");
}

TEST(TimestampTz, MustHaveAnOffset) {
  const std::string expected =
      "timestamptz: expected a time as YYYY-MM-DD HH:MM:SS with an offset or Z, found ";
  for (const char* text :
       {"2024-05-06 07:08:09", "2024-05-06", "2024-05-06 07:08:09+", "2024-05-06 07:08:09+2",
        "2024-05-06 07:08:09+16", "2024-05-06 07:08:09+02:60", "2024-05-06 07:08:09+02 x",
        "4714-11-24 00:00:00+01 BC"}) {
    EXPECT_EQ(refusal_of_parsing<TimestampTz>(text), expected + '"' + text + '"');
  }
}

TEST(Timestamp, GoesToAndFromTheSystemClock) {
  const chrono::system_clock::time_point time(chrono::microseconds(1'714'979'289'500'001));
  EXPECT_EQ(TimestampTz(time).to_string(), "2024-05-06 07:08:09.500001+00");
  EXPECT_EQ(TimestampTz(time).time_point(), time);
  EXPECT_EQ(Timestamp(std::int64_t{-1}).time_point().time_since_epoch(), -1us);
  const Timestamp early = Timestamp::parse("1677-09-22 00:00:00");
  EXPECT_EQ(Timestamp(early.time_point()), early);
}

TEST(Timestamp, TheSystemClockHoldsFewerYears) {
  EXPECT_EQ(refusal_of([] { return Timestamp::parse("2263-01-01 00:00:00").time_point(); }),
            "timestamp: expected a time that std::chrono::system_clock can hold, found "
            "2263-01-01 00:00:00");
  EXPECT_EQ(refusal_of([] { return TimestampTz(INT64_MIN).time_point(); }),
            "timestamptz: expected a time that std::chrono::system_clock can hold, found "
            "-infinity");
}

TEST(TimestampCodec, CountsFromTheYear2000OnTheWire) {
  EXPECT_EQ(sent(oids::timestamp, Timestamp::parse("2000-01-01 00:00:00")), Wire().i64(0).data());
  EXPECT_EQ(sent(oids::timestamptz, TimestampTz::parse("1999-12-31 23:59:59Z")),
            Wire().i64(-1'000'000).data());
}

TEST(TimestampCodec, ComesBackAtTheEndsOfItsRange) {
  for (const char* text :
       {"4714-11-24 00:00:00 BC", "294247-01-10 04:00:54.775806", "infinity", "-infinity"}) {
    EXPECT_EQ(echoed(Timestamp::parse(text)).to_string(), text);
    EXPECT_EQ(Codec<Timestamp>::decode(text_field(oids::timestamp, text)).to_string(), text);
  }
  EXPECT_EQ(echoed(TimestampTz(-1)).micros, -1);
}

TEST(TimestampCodec, RefusesWhatIsOutsideInBothDirections) {
  EXPECT_EQ(refusal_of_sending(oids::timestamp, Timestamp(-210'866'803'200'000'001)),
            "parameter: expected a value in the range of timestamp without time zone, found one "
            "outside it");
  const std::string broken =
      "value: expected the binary format of timestamp with time zone, found a value outside its "
      "range";
  for (const std::int64_t micros :
       {-211'813'488'000'000'001, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX - 946'684'800'000'000}) {
    EXPECT_EQ(refusal_of_reading<TimestampTz>(Wire().i64(micros).field(oids::timestamptz)), broken)
        << micros;
  }
}

TEST(TimestampCodec, WithAndWithoutZoneAreTwoTypes) {
  EXPECT_EQ(refusal_of_reading<Timestamp>(Wire().i64(0).field(oids::timestamptz)),
            "value: expected timestamp without time zone, found timestamp with time zone");
  EXPECT_EQ(refusal_of_sending(oids::timestamptz, Timestamp(0)),
            "parameter: expected a value for timestamp with time zone, found one of timestamp "
            "without time zone");
  EXPECT_EQ(refusal_of_reading<Timestamp>(Wire().i32(0).field(oids::timestamp)),
            "value: expected 8 bytes of timestamp without time zone, found 4 bytes");
}

TEST(TimeOfDay, RunsFromMidnightToMidnight) {
  EXPECT_EQ(TimeOfDay::parse("00:00").micros, 0);
  EXPECT_EQ(TimeOfDay::parse("24:00:00").micros, 86'400'000'000);
  EXPECT_EQ(TimeOfDay::parse("23:59:59.999999").to_string(), "23:59:59.999999");
  EXPECT_EQ(TimeOfDay::parse("04:05:06.500").to_string(), "04:05:06.5");
  EXPECT_EQ(TimeOfDay{86'400'000'000}.to_string(), "24:00:00");
  for (const char* text : {"", "4:05", "24:00:00.000001", "25:00", "04:60", "04:05:06.",
                           "04:05:", "04:05Z", "-04:05", "0405"}) {
    EXPECT_EQ(refusal_of_parsing<TimeOfDay>(text),
              "time: expected a time of day as HH:MM:SS up to 24:00:00, found \"" +
                  std::string(text) + '"');
  }
}

TEST(TimeOfDayCodec, RangeInBothDirections) {
  EXPECT_EQ(echoed(TimeOfDay{0}), TimeOfDay{0});
  EXPECT_EQ(echoed(TimeOfDay{86'400'000'000}), TimeOfDay{86'400'000'000});
  const std::string outside =
      "parameter: expected a value in the range of time without time zone, found one outside it";
  EXPECT_EQ(refusal_of_sending(oids::time, TimeOfDay{-1}), outside);
  EXPECT_EQ(refusal_of_sending(oids::time, TimeOfDay{86'400'000'001}), outside);
  EXPECT_EQ(refusal_of_reading<TimeOfDay>(Wire().i64(-1).field(oids::time)),
            "value: expected the binary format of time without time zone, found a value outside "
            "its range");
  EXPECT_EQ(Codec<TimeOfDay>::decode(text_field(oids::time, "12:00:00")).micros, 43'200'000'000);
}

}  // namespace
}  // namespace qm
