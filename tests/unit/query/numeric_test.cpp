// Numeric: text, rounding, and numeric's binary format.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "fields.hpp"

namespace qm {
namespace {

std::string printed(std::string_view text) {
  return Numeric(text).text();
}
std::string refusal_of_numeric(std::string_view text) {
  return refusal_of([&] { return Numeric(text); });
}

TEST(Numeric, KeepsTheScale) {
  for (const char* text : {"0", "0.00", "12.340", "-12.340", "100000", "0.00000001",
                           "123456789012345678901234567890.123456789"}) {
    EXPECT_EQ(printed(text), text);
  }
}

TEST(Numeric, PrintsWhatPostgresPrints) {
  EXPECT_EQ(printed("1e5"), "100000");
  EXPECT_EQ(printed("-.50"), "-0.50");
  EXPECT_EQ(printed("5."), "5");
  EXPECT_EQ(printed("+7"), "7");
  EXPECT_EQ(printed("00012.50"), "12.50");
  EXPECT_EQ(printed("1.50e1"), "15.0");
  EXPECT_EQ(printed("1.5e1"), "15");
  EXPECT_EQ(printed("1.5E+3"), "1500");
  EXPECT_EQ(printed("15e-3"), "0.015");
  EXPECT_EQ(printed("12345e-2"), "123.45");
  EXPECT_EQ(printed(" \t7.5\n"), "7.5");
}

TEST(Numeric, ZeroHasNoSign) {
  EXPECT_EQ(printed("-0"), "0");
  EXPECT_EQ(printed("-0.00"), "0.00");
  EXPECT_EQ(printed("0e5"), "0");
  EXPECT_EQ(printed("0e-3"), "0.000");
}

TEST(Numeric, WhatIsNotFiniteHasNames) {
  EXPECT_EQ(printed("nan"), "NaN");
  for (const char* text : {"inf", "Infinity", "+inf", "+INFINITY"})
    EXPECT_EQ(printed(text), "Infinity");
  for (const char* text : {"-inf", "-Infinity"})
    EXPECT_EQ(printed(text), "-Infinity");
}

TEST(Numeric, RefusesWhatIsNoNumber) {
  for (const char* text : {"", ".", "-", "+-1", "1..2", "1.2.3", "1e", "1e+", "e5", "1 2", "1,5",
                           "0x10", "infinite", "-nan", "1e5x"}) {
    EXPECT_EQ(
        refusal_of_numeric(text),
        "numeric: expected a decimal number, NaN or Infinity, found \"" + std::string(text) + '"');
  }
}

TEST(Numeric, HasPostgresRange) {
  EXPECT_EQ(printed("1e131071").size(), 131072U);
  EXPECT_EQ(printed("1e-16383").size(), 16385U);
  const std::string too_large =
      "numeric: expected at most 131072 digits before the decimal point and 16383 after it, found ";
  EXPECT_EQ(refusal_of_numeric("1e131072"), too_large + "\"1e131072\"");
  EXPECT_EQ(refusal_of_numeric("1e-16384"), too_large + "\"1e-16384\"");
  EXPECT_EQ(refusal_of_numeric("1e9999999999999999999"), too_large + "\"1e9999999999999999999\"");
  EXPECT_EQ(refusal_of_numeric("1e-9999999999999999999"), too_large + "\"1e-9999999999999999999\"");
}

TEST(Numeric, FromIntegersAndByDefault) {
  EXPECT_EQ(Numeric().text(), "0");
  EXPECT_EQ(Numeric(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
  EXPECT_EQ(Numeric(std::int64_t{0}).text(), "0");
}

TEST(Numeric, EqualityIsOfTheText) {
  EXPECT_EQ(Numeric("1.0"), Numeric("1.0"));
  EXPECT_NE(Numeric("1.0"), Numeric("1.00"));
}

TEST(NumericFromDouble, RoundsTheDecimalTextHalfAwayFromZero) {
  const auto rounded = [](double value, int scale) {
    return Numeric::from_double(value, scale).text();
  };
  EXPECT_EQ(rounded(2.675, 2), "2.68");
  EXPECT_EQ(rounded(-2.675, 2), "-2.68");
  EXPECT_EQ(rounded(0.5, 0), "1");
  EXPECT_EQ(rounded(-0.5, 0), "-1");
  EXPECT_EQ(rounded(0.49, 0), "0");
  EXPECT_EQ(rounded(9.995, 2), "10.00");
  EXPECT_EQ(rounded(999.9, 0), "1000");
  EXPECT_EQ(rounded(-0.004, 2), "0.00");
  EXPECT_EQ(rounded(-0.0, 1), "0.0");
  EXPECT_EQ(rounded(1e22, 2), "10000000000000000000000.00");
  EXPECT_EQ(rounded(5e-324, 2), "0.00");
  EXPECT_EQ(rounded(1.25, 5), "1.25000");
  EXPECT_EQ(rounded(3, 0), "3");
}

TEST(NumericFromDouble, KeepsWhatIsNotFinite) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Numeric::from_double(infinity, 2).text(), "Infinity");
  EXPECT_EQ(Numeric::from_double(-infinity, 2).text(), "-Infinity");
  EXPECT_EQ(Numeric::from_double(std::nan(""), 2).text(), "NaN");
}

TEST(NumericFromDouble, TheScaleIsPostgres) {
  EXPECT_EQ(Numeric::from_double(1, 1000).text().size(), 1002U);
  EXPECT_EQ(refusal_of([] { return Numeric::from_double(1, 1001); }),
            "numeric: expected a scale of 0 to 1000, found 1001");
  EXPECT_EQ(refusal_of([] { return Numeric::from_double(1, -1); }),
            "numeric: expected a scale of 0 to 1000, found -1");
}

TEST(NumericToDouble, IsTheNearest) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Numeric("0.1").to_double(), 0.1);
  EXPECT_EQ(Numeric("-12.340").to_double(), -12.34);
  EXPECT_EQ(Numeric("9007199254740993").to_double(), 9007199254740992.0);
  EXPECT_EQ(Numeric("1e400").to_double(), infinity);
  EXPECT_EQ(Numeric("-1e400").to_double(), -infinity);
  EXPECT_EQ(Numeric("1e-400").to_double(), 0.0);
  EXPECT_TRUE(std::signbit(Numeric("-1e-400").to_double()));
  EXPECT_TRUE(std::isnan(Numeric("NaN").to_double()));
  EXPECT_EQ(Numeric("-Infinity").to_double(), -infinity);
}

// Number of digits, weight, sign, scale, digits.
std::string wire_of(std::uint16_t sign, std::int16_t weight, std::int16_t scale,
                    std::initializer_list<std::int16_t> digits) {
  Wire wire;
  wire.i16(static_cast<std::int16_t>(digits.size())).i16(weight).put(sign).i16(scale);
  for (const std::int16_t digit : digits)
    wire.i16(digit);
  return wire.data();
}

TEST(NumericCodec, WritesPostgresBaseTenThousand) {
  const auto bytes = [](const char* text) { return sent(oids::numeric, Numeric(text)); };
  EXPECT_EQ(bytes("12345.678"), wire_of(0, 1, 3, {1, 2345, 6780}));
  EXPECT_EQ(bytes("-0.0001"), wire_of(0x4000, -1, 4, {1}));
  EXPECT_EQ(bytes("0.00001"), wire_of(0, -2, 5, {1000}));
  EXPECT_EQ(bytes("10000"), wire_of(0, 1, 0, {1}));
  EXPECT_EQ(bytes("0.00"), wire_of(0, 0, 2, {}));
  EXPECT_EQ(bytes("100000000.00"), wire_of(0, 2, 2, {1}));
  EXPECT_EQ(bytes("NaN"), wire_of(0xC000, 0, 0, {}));
  EXPECT_EQ(bytes("Infinity"), wire_of(0xD000, 0, 0, {}));
  EXPECT_EQ(bytes("-Infinity"), wire_of(0xF000, 0, 0, {}));
}

std::string read_numeric(const std::string& bytes) {
  return Codec<Numeric>::decode(binary_field(oids::numeric, bytes)).text();
}

TEST(NumericCodec, ReadsWhatPostgresMaySend) {
  EXPECT_EQ(read_numeric(wire_of(0, 1, 3, {1, 2345, 6780})), "12345.678");
  EXPECT_EQ(read_numeric(wire_of(0, 0, 0, {})), "0");
  EXPECT_EQ(read_numeric(wire_of(0, -1, 2, {5000})), "0.50");
  EXPECT_EQ(read_numeric(wire_of(0, 1, 0, {0, 7})), "7") << "leading zeros";
  EXPECT_EQ(read_numeric(wire_of(0, -1, 2, {5678})), "0.56") << "digits beyond the scale";
  EXPECT_EQ(read_numeric(wire_of(0x4000, -1, 2, {56})), "0.00") << "nothing is left for the sign";
  EXPECT_EQ(read_numeric(wire_of(0, 2, 0, {3})), "300000000") << "trailing zeros left out";
  EXPECT_EQ(read_numeric(wire_of(0xC000, 0, 7, {})), "NaN");
}

TEST(NumericCodec, ComesBackAsItWasSent) {
  for (const char* text :
       {"0", "0.0000", "1", "-1", "9999", "10000", "99999999", "0.9999", "0.00009999",
        "-123456789.000000000", "1e131071", "1e-16383", "NaN", "Infinity", "-Infinity"}) {
    EXPECT_EQ(echoed(Numeric(text)), Numeric(text)) << text;
  }
}

TEST(NumericCodec, ReadsIntegersAndText) {
  EXPECT_EQ(Codec<Numeric>::decode(Wire().i32(-7).field(oids::int4)).text(), "-7");
  EXPECT_EQ(Codec<Numeric>::decode(Wire().i64(INT64_MIN).field(oids::int8)).text(),
            "-9223372036854775808");
  EXPECT_EQ(Codec<Numeric>::decode(text_field(oids::numeric, "1.50")).text(), "1.50");
}

TEST(NumericCodec, RefusesBrokenBytes) {
  const auto refusal = [](const std::string& bytes) {
    return refusal_of_reading<Numeric>(binary_field(oids::numeric, bytes));
  };
  const std::string whole = wire_of(0, 1, 3, {1, 2345, 6780});
  EXPECT_EQ(refusal(whole.substr(0, 7)), "value: expected 8 bytes of numeric, found 7 bytes");
  EXPECT_EQ(refusal(whole.substr(0, 13)), "value: expected 14 bytes of numeric, found 13 bytes");
  EXPECT_EQ(refusal(whole + '\0'), "value: expected 14 bytes of numeric, found 15 bytes");
  const std::string format = "value: expected the binary format of numeric, found ";
  EXPECT_EQ(refusal(wire_of(0x1234, 0, 0, {1})), format + "its sign");
  EXPECT_EQ(refusal(wire_of(0, 0, 16384 - 32768, {1})), format + "its scale");
  EXPECT_EQ(refusal(wire_of(0, 0, 16384, {1})), format + "its scale");
  EXPECT_EQ(refusal(wire_of(0, 0, 0, {10000})), format + "a digit beyond 9999");
  EXPECT_EQ(refusal(wire_of(0, 0, 0, {-1})), format + "a digit beyond 9999");
}

TEST(NumericCodec, RefusesOtherTypes) {
  EXPECT_EQ(refusal_of_reading<Numeric>(Wire().put(1.5).field(oids::float8)),
            "value: expected numeric, found double precision");
  EXPECT_EQ(refusal_of_reading<Numeric>(null_field(oids::numeric)),
            "value: expected numeric, found null");
  EXPECT_EQ(refusal_of_sending(oids::int4, Numeric("1")),
            "parameter: expected a value for integer, found one of numeric");
}

}  // namespace
}  // namespace qm
