// Values of every type, sent by PostgreSQL in binary, read as the text that it prints itself.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/connection.hpp>
#include <quartermaster/dynamic.hpp>
#include <quartermaster/row.hpp>
#include <string>
#include <vector>

#include "test_database.hpp"

namespace qm {
namespace {

std::unique_ptr<Connection> connect(const test::TestDatabase& database) {
  auto connection =
      Connection::open({.url = database.url()}, Clock::now() + std::chrono::seconds(30));
  connection->execute_script("set timezone = 'UTC'; set intervalstyle = 'postgres'");
  return connection;
}

const std::vector<std::string>& literals() {
  static const std::vector<std::string> list{
      "true",
      "false",
      "null::int",
      "32767::int2",
      "'-2147483648'::int4",
      "(-9223372036854775808)::int8",
      "'4294967295'::oid",
      "'18446744073709551615'::xid8",
      "0.1::float4",
      "1e15::float8",
      "1e-5::float8",
      "'NaN'::float8",
      "'-Infinity'::float4",
      "'-0'::float8",
      "123456.789e100::float8",
      "3.4028235e38::float4",
      "0::numeric",
      "-12.340::numeric",
      "1e-16000::numeric",
      "9999999999999999.00010000::numeric",
      "1e1000::numeric",
      "'NaN'::numeric",
      "'Infinity'::numeric",
      "10000::numeric",
      "0.0001::numeric",
      "'a b'::text",
      "''::varchar",
      "'x'::char(3)",
      "'n'::name",
      "'c'::\"char\"",
      "'\\x00ff'::bytea",
      "''::bytea",
      "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
      "'2024-02-29'::date",
      "'4714-11-24 BC'::date",
      "'infinity'::date",
      "'5874897-12-31'::date",
      "'24:00:00'::time",
      "'04:05:06.000007'::time",
      "'04:05:06-08:30'::timetz",
      "'04:05:06.5+00'::timetz",
      "'1999-12-31 23:59:59.999999'::timestamp",
      "'0044-03-15 BC'::timestamp",
      "'-infinity'::timestamptz",
      "'2024-05-06 07:08:09.5+02'::timestamptz",
      "'1 year 2 mons -3 days 04:05:06.5'::interval",
      "'-1 mons +1 day'::interval",
      "'-00:00:00.5'::interval",
      "'0'::interval",
      "'{\"a\": [1, 2]}'::jsonb",
      "'{\"b\":1 }'::json",
      "'192.0.2.1'::inet",
      "'2001:db8::/32'::cidr",
      "'192.0.2.0/24'::inet",
      "'::ffff:1.2.3.4'::inet",
      "b'10110'",
      "b''::varbit",
      "'08:00:2b:01:02:03'::macaddr",
      "'08:00:2b:01:02:03:04:05'::macaddr8",
      "'16/B374D848'::pg_lsn",
      "array[1, null, 3]",
      "'{}'::text[]",
      "array[[1,2],[3,4]]",
      "'[0:1]={a,b}'::text[]",
      "array['', 'null', 'a b', '\"', '\\', 'x,y', '{}', 'plain']",
      "array[1.50, 2]::numeric[]",
      "array['2024-01-01'::timestamptz]",
      "int4range(1, 5)",
      "'empty'::int8range",
      "numrange(null, 1.5, '(]')",
      "tsrange('2024-01-01', null)",
      "tstzrange('2024-01-01', '2024-02-01')",
      "daterange('2024-01-01', '2024-02-01')",
      "'{[1,3),[5,9)}'::int4multirange",
      "'{}'::datemultirange",
      "row(1, null, 'a b', '', 'q\"q')",
      "row(row(1, 2), array[1, 2])",
      "'<a/>'::xml"};
  return list;
}

TEST(Dynamic, TextIsWhatPostgresPrints) {
  const test::TestDatabase database;
  const auto connection = connect(database);
  for (const std::string& literal : literals()) {
    SCOPED_TRACE(literal);
    // format() calls the type's output function; a cast to text has rules of its own.
    const Result result = connection->execute(
        fmt::format("select v, format('%s', v) from (select {} as v) t", literal));
    EXPECT_EQ(field_to_text(result.field(0, 0)), field_to_text(result.field(0, 1)));
  }
}

TEST(Dynamic, JsonIsJsonForPostgres) {
  const test::TestDatabase database;
  const auto connection = connect(database);
  for (const std::string& literal : literals()) {
    SCOPED_TRACE(literal);
    const Result result = connection->execute(fmt::format("select {} as v", literal));
    const std::string json = field_to_json(result.field(0, 0));
    ParamBuffer<1> params;
    encode_as(params, oids::text, json);
    EXPECT_NO_THROW(connection->execute("select $1::text::json", params.view()));
  }
}

TEST(Dynamic, JsonKeepsNumbersArraysAndNull) {
  const test::TestDatabase database;
  const auto connection = connect(database);
  const Result result = connection->execute(
      "select 1.10::numeric, array[1, null], array[['a'], ['b\"']], null::text, true, "
      "'NaN'::float8, '{\"k\": 1}'::jsonb, 'tab\there'");
  const char* expected[] = {"1.10",    "[1, null]",  "[[\"a\"], [\"b\\\"\"]]", "null", "true",
                            "\"NaN\"", "{\"k\": 1}", "\"tab\\there\""};
  for (int i = 0; i < result.columns(); ++i)
    EXPECT_EQ(field_to_json(result.field(0, i)), expected[i]);
}

// What we send in binary is what the server reads.
template <class T>
void expect_text(Connection& connection, const T& value, const std::string& type,
                 const std::string& text) {
  SCOPED_TRACE(type);
  ParamBuffer<1> params;
  encode_as(params, Codec<T>::oid, value);
  const Result result =
      connection.execute(fmt::format("select $1::{0}::text, $1::{0}", type), params.view());
  EXPECT_EQ(get<std::string>(result, 0, "text"), text);
  EXPECT_EQ(decode_field<T>(result, 0, 1), value);
}

TEST(Codecs, ServerReadsWhatIsSentAndBack) {
  const test::TestDatabase database;
  const auto connection = connect(database);
  Connection& db = *connection;
  expect_text(db, true, "bool", "true");
  expect_text(db, std::int16_t{-7}, "int2", "-7");
  expect_text(db, std::int32_t{2147483647}, "int4", "2147483647");
  expect_text(db, std::int64_t{-9'000'000'000}, "int8", "-9000000000");
  expect_text(db, 0.1F, "float4", "0.1");
  expect_text(db, 1e300, "float8", "1e+300");
  for (const char* number : {"0", "0.00", "-12.340", "100000", "0.00000001", "123456789012345678.9",
                             "NaN", "Infinity", "99990000.00010000"}) {
    expect_text(db, Numeric(number), "numeric", number);
  }
  expect_text(db, Uuid::parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "uuid",
              "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
  expect_text(db, Date::parse("2024-02-29"), "date", "2024-02-29");
  expect_text(db, Timestamp::parse("1999-12-31 23:59:59.999999"), "timestamp",
              "1999-12-31 23:59:59.999999");
  expect_text(db, TimestampTz::parse("2024-05-06 07:08:09.5Z"), "timestamptz",
              "2024-05-06 07:08:09.5+00");
  expect_text(db, TimeOfDay::parse("24:00"), "time", "24:00:00");
  expect_text(db, Interval::parse("P1Y2M-3DT4H5M6.5S"), "interval",
              "1 year 2 mons -3 days +04:05:06.5");
  expect_text(db, Inet::parse("2001:db8::/32"), "inet", "2001:db8::/32");
  expect_text(db, Bytes{std::byte{0}, std::byte{255}}, "bytea", "\\x00ff");
  expect_text(db, Json{"{\"a\": 1}"}, "jsonb", "{\"a\": 1}");
  expect_text(db, std::string("snow \u2603"), "text", "snow \u2603");
  expect_text(db, std::vector<std::string>{"a", "b c"}, "text[]", "{a,\"b c\"}");
  expect_text(db, std::vector<std::optional<std::int32_t>>{1, std::nullopt}, "int4[]", "{1,NULL}");
  expect_text(db, std::vector<std::int64_t>{}, "int8[]", "{}");
}

TEST(Codecs, SayWhatDoesNotFit) {
  const test::TestDatabase database;
  const auto connection = connect(database);
  const Result result =
      connection->execute("select 'x'::text as a, 3000000000::int8 as b, null::int as c");
  EXPECT_THROW(get<std::int32_t>(result, 0, "a"), DecodeError);
  EXPECT_THROW(get<std::int32_t>(result, 0, "b"), DecodeError);
  EXPECT_THROW(get<std::int32_t>(result, 0, "c"), DecodeError);
  EXPECT_THROW(get<std::int32_t>(result, 0, "missing"), DecodeError);
  EXPECT_EQ(get<std::optional<std::int32_t>>(result, 0, "c"), std::nullopt);
  ParamBuffer<1> params;
  EXPECT_THROW(encode_as(params, oids::int2, std::int32_t{70000}), DecodeError);
  EXPECT_THROW(encode_as(params, oids::text, std::string("a\0b", 3)), DecodeError);
  EXPECT_THROW(encode_as(params, oids::uuid, std::int32_t{1}), DecodeError);
}

}  // namespace
}  // namespace qm
