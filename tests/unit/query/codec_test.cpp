// Scalars and arrays: range ends, conversions, text format, and what is refused.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "fields.hpp"

namespace qm {
namespace {

TEST(IntegerCodec, GoesToAnyWidthThatHoldsTheValue) {
  EXPECT_EQ(sent(oids::int2, std::int64_t{-32768}), Wire().i16(-32768).data());
  EXPECT_EQ(sent(oids::int8, std::int16_t{-1}), Wire().i64(-1).data());
  EXPECT_EQ(refusal_of_sending(oids::int2, std::int32_t{32768}),
            "parameter: expected a value in the range of smallint, found one outside it");
  EXPECT_EQ(refusal_of_sending(oids::oid, std::int32_t{-1}),
            "parameter: expected a value in the range of oid, found one outside it");
  EXPECT_EQ(refusal_of_sending(oids::text, std::int32_t{1}),
            "parameter: expected a value for text, found one of integer");
}

TEST(IntegerCodec, ComesFromAnyWidthThatFits) {
  EXPECT_EQ(Codec<std::int16_t>::decode(Wire().i64(32767).field(oids::int8)), 32767);
  EXPECT_EQ(Codec<std::int64_t>::decode(Wire().i16(-2).field(oids::int2)), -2);
  EXPECT_EQ(refusal_of_reading<std::int16_t>(Wire().i64(32768).field(oids::int8)),
            "value: expected smallint, found bigint (the value does not fit; read it as a wider "
            "type)");
  EXPECT_EQ(refusal_of_reading<std::int32_t>(Wire().i16(1).field(oids::int4)),
            "value: expected 4 bytes of integer, found 2 bytes");
  EXPECT_EQ(refusal_of_reading<std::int32_t>(text_field(oids::int4, "12x")),
            "bigint: expected a number in its range, found \"12x\"");
  EXPECT_EQ(Codec<Oid>::decode(text_field(oids::oid, "4294967295")), 4294967295U);
}

TEST(FloatCodec, WidensButDoesNotRound) {
  EXPECT_EQ(sent(oids::float8, 0.5F), Wire().put(0.5).data());
  EXPECT_EQ(Codec<double>::decode(Wire().put(0.5F).field(oids::float4)), 0.5);
  EXPECT_EQ(refusal_of_sending(oids::float4, 0.5),
            "parameter: expected a value for real, found one of double precision");
  EXPECT_EQ(refusal_of_reading<float>(Wire().put(0.5).field(oids::float8)),
            "value: expected real, found double precision");
  EXPECT_EQ(Codec<double>::decode(text_field(oids::float8, "-Infinity")),
            -std::numeric_limits<double>::infinity());
}

TEST(UuidCodec, TextAndBytes) {
  const std::string canonical = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  for (const char* text :
       {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}",
        "a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11"}) {
    EXPECT_EQ(echoed(Uuid::parse(text)).to_string(), canonical);
  }
  for (const char* text :
       {"", "a0eebc99", "{a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0-eebc999c0b4ef8bb6d6bb9bd380a11",
        "g0eebc999c0b4ef8bb6d6bb9bd380a11", "a0eebc999c0b4ef8bb6d6bb9bd380a11-"}) {
    EXPECT_EQ(refusal_of_parsing<Uuid>(text),
              "uuid: expected 32 hexadecimal digits, found \"" + std::string(text) + '"');
  }
}

TEST(InetCodec, TextAndBytes) {
  EXPECT_EQ(sent(oids::cidr, Inet::parse("192.0.2.0/24")),
            Wire().byte(2).byte(24).byte(1).byte(4).raw({"\xC0\0\2\0", 4}).data());
  for (const char* text : {"192.0.2.1", "2001:db8::/32", "::1", "0.0.0.0/0"})
    EXPECT_EQ(echoed(Inet::parse(text)).to_string(), text);
  for (const char* text : {"", "192.0.2", "192.0.2.1/33", "::1/129", "192.0.2.1/", "::g"}) {
    EXPECT_EQ(refusal_of_parsing<Inet>(text),
              "inet: expected an IPv4 or IPv6 address with an optional /prefix, found \"" +
                  std::string(text) + '"');
  }
  EXPECT_EQ(refusal_of_reading<Inet>(Wire().byte(9).byte(0).byte(0).byte(4).i32(0).field(869)),
            "value: expected the binary format of inet, found its family");
}

TEST(TextCodec, RefusesZeroBytesAndTypesThatAreNotText) {
  EXPECT_EQ(refusal_of_sending(oids::text, std::string("a\0b", 3)),
            "parameter: expected text without zero bytes, found a zero byte (PostgreSQL cannot "
            "store it in text; use bytea)");
  EXPECT_EQ(refusal_of_reading<std::string>(Wire().i64(0).i64(0).field(oids::uuid)),
            "value: expected text, found uuid (cast the column to text in the query)");
  EXPECT_EQ(refusal_of_reading<Json>(binary_field(oids::jsonb, "{}")),
            "value: expected the binary format of jsonb, found another version than 1");
  EXPECT_EQ(sent(oids::jsonb, Json{"{}"}), "\1{}");
}

using Ints = std::vector<std::int32_t>;
using MaybeInts = std::vector<std::optional<std::int32_t>>;

Wire array(std::int32_t size, std::int32_t lower_bound) {
  return Wire().i32(1).i32(0).oid(oids::int4).i32(size).i32(lower_bound);
}

TEST(ArrayCodec, IsPostgresBinaryForm) {
  EXPECT_EQ(sent(oids::int4_array, Ints{}), Wire().i32(0).i32(0).oid(oids::int4).data());
  EXPECT_EQ(sent(oids::int4_array, MaybeInts{1, std::nullopt}),
            Wire().i32(1).i32(1).oid(23).i32(2).i32(1).i32(4).i32(1).null().data());
  EXPECT_EQ(echoed(MaybeInts{std::nullopt, INT32_MIN}), (MaybeInts{std::nullopt, INT32_MIN}));
}

TEST(ArrayCodec, LowerBoundsDoNotMatter) {
  EXPECT_EQ(Codec<Ints>::decode(array(1, -5).i32(4).i32(7).field(oids::int4_array)), Ints{7});
  EXPECT_EQ(Codec<Ints>::decode(text_field(oids::int4_array, "[0:1]={7,8}")), (Ints{7, 8}));
}

TEST(ArrayCodec, RefusesNullsDimensionsAndBrokenBytes) {
  EXPECT_EQ(refusal_of_reading<Ints>(array(1, 1).null().field(oids::int4_array)),
            "value: expected an array without nulls, found a null element (read it as "
            "std::vector<std::optional<T>>)");
  EXPECT_EQ(refusal_of_reading<Ints>(
                Wire().i32(2).i32(0).oid(23).i32(1).i32(1).i32(1).i32(1).i32(4).i32(7).field(1007)),
            "value: expected an array of one dimension, found 2 (unnest it in the query, or read "
            "integer[] with field_to_json())");
  const std::string format = "value: expected the binary format of integer[], found ";
  const auto refusal = [](const Wire& wire) {
    return refusal_of_reading<Ints>(wire.field(oids::int4_array));
  };
  EXPECT_EQ(refusal(array(2, 1).i32(4)), format + "fewer bytes than its elements need");
  EXPECT_EQ(refusal(array(1, 1).i32(9).i32(7)), format + "an end in the middle");
  EXPECT_EQ(refusal(array(1, 1).i32(4).i32(7).byte(0)), format + "bytes after its end");
  EXPECT_EQ(refusal(array(-1, 1)), format + "a negative number of elements");
  EXPECT_EQ(refusal(Wire().i32(7).i32(0).oid(23)), format + "7 dimensions");
}

TEST(ArrayCodec, ReadsTextFormat) {
  using Texts = std::vector<std::optional<std::string>>;
  const auto read = [](std::string_view text) {
    return Codec<Texts>::decode(text_field(oids::text_array, text));
  };
  EXPECT_EQ(read("{}"), Texts{});
  EXPECT_EQ(read(R"({a,"b c",NULL,"NULL","q\"\\","",x\,y})"),
            (Texts{"a", "b c", std::nullopt, "NULL", "q\"\\", "", "x,y"}));
  for (const char* text :
       {"", "a", "{", "{a", "{a,}", "{,a}", "{\"a}", "{\"a\"b}", "{a}}", "{a\\}"})
    EXPECT_NE(refusal_of_reading<Texts>(text_field(oids::text_array, text)), "(accepted)") << text;
}

}  // namespace
}  // namespace qm
