// Values shown without their C++ type, rows read by column, and the bytes that both refuse.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <quartermaster/dynamic.hpp>
#include <quartermaster/row.hpp>

#include "fields.hpp"
#include "query/float_text.hpp"

namespace qm {
namespace {

TEST(FloatText, ChangesToAnExponentWherePostgresDoes) {
  EXPECT_EQ(query::float_text(1e14), "100000000000000");
  EXPECT_EQ(query::float_text(1e15), "1e+15");
  EXPECT_EQ(query::float_text(0.0001), "0.0001");
  EXPECT_EQ(query::float_text(0.00001), "1e-05");
  EXPECT_EQ(query::float_text(1e5F), "100000");
  EXPECT_EQ(query::float_text(1e6F), "1e+06");
  EXPECT_EQ(query::float_text(-12.5), "-12.5");
  EXPECT_EQ(query::float_text(5e-324), "5e-324");
}

TEST(CompositeText, ArraysOfSeveralDimensionsWithBounds) {
  Wire wire;
  wire.i32(2).i32(1).oid(oids::text).i32(2).i32(0).i32(1).i32(1).sized("a b").null();
  EXPECT_EQ(field_to_text(wire.field(oids::text_array)), "[0:1][1:1]={{\"a b\"},{NULL}}");
  EXPECT_EQ(field_to_json(wire.field(oids::text_array)), "[[\"a b\"], [null]]");
}

TEST(CompositeText, RangesAndRecords) {
  EXPECT_EQ(field_to_text(Wire().byte(0x12).sized(Wire().i32(1)).field(oids::int4range)), "[1,)");
  EXPECT_EQ(field_to_text(Wire().byte(1).field(oids::int4range)), "empty");
  EXPECT_EQ(field_to_text(Wire()
                              .i32(3)
                              .oid(oids::text)
                              .sized("q\"q")
                              .oid(oids::int4)
                              .null()
                              .oid(oids::text)
                              .sized("")
                              .field(oids::record)),
            "(\"q\"\"q\",,\"\")");
}

TEST(CompositeText, RefusesBrokenBytes) {
  const auto refusal = [](const Field& field) {
    return refusal_of([&] { return field_to_text(field); });
  };
  EXPECT_EQ(refusal(binary_field(oids::int4range, "")),
            "value: expected the binary format of int4range, found no flags");
  EXPECT_EQ(refusal(Wire().i32(1).i16(0).field(oids::record)),
            "value: expected the binary format of record, found a column that is cut off");
  EXPECT_EQ(refusal(Wire().i32(-1).field(oids::record)),
            "value: expected the binary format of record, found a negative count");
  EXPECT_EQ(refusal(Wire().i32(1).i32(0).field(oids::int4_array)),
            "value: expected 12 bytes of integer[], found 8 bytes");
}

TEST(CompositeText, RefusesEndlessNesting) {
  std::string value = Wire().i32(0).data();
  for (int level = 1; level < 10'000; ++level)
    value = Wire().i32(1).oid(oids::record).sized(value).data();
  EXPECT_EQ(refusal_of([&] { return field_to_text(binary_field(oids::record, value)); }),
            "value: expected the binary format of record, found values nested in more than 24 "
            "levels");
}

// A row of an id and a name that is null, in text format.
Result id_and_name() {
  PGresult* result = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  char id[] = "id";
  char name[] = "name";
  char seven[] = "7";
  PGresAttDesc columns[2] = {};
  columns[0].name = id;
  columns[0].typid = oids::int4;
  columns[1].name = name;
  columns[1].typid = oids::text;
  PQsetResultAttrs(result, 2, columns);
  PQsetvalue(result, 0, 0, seven, 1);
  PQsetvalue(result, 0, 1, nullptr, -1);
  return Result(result);
}

TEST(Row, ReadsInOrderAndByName) {
  const Result result = id_and_name();
  RowReader row(result, 0);
  EXPECT_EQ(row.next<std::int32_t>(), 7);
  EXPECT_EQ(row.next<std::optional<std::string>>(), std::nullopt);
  EXPECT_EQ(get<std::int64_t>(result, 0, "id"), 7);
  EXPECT_NO_THROW(require_columns(result, 2));
}

TEST(Row, PassesOverARowThatIsMissing) {
  const Result result = id_and_name();
  RowReader reader(result, 0);
  EXPECT_FALSE(reader.skip_nulls(2)) << "there is an id";
  EXPECT_EQ(reader.next<std::int32_t>(), 7);
  EXPECT_TRUE(reader.skip_nulls(1));
  EXPECT_THROW(reader.next<std::int32_t>(), DecodeError) << "that was the last column";
}

TEST(Row, NamesTheColumnThatCannotBeRead) {
  const Result result = id_and_name();
  EXPECT_EQ(refusal_of([&] { return get<std::string>(result, 0, "name"); }),
            "column 2 \"name\" in row 1: expected a value, found null (read it as std::optional)");
  EXPECT_EQ(refusal_of([&] { return get<bool>(result, 0, "id"); }),
            "column 1 \"id\" in row 1: expected t or f, found \"7\"");
  EXPECT_EQ(refusal_of([&] { return get<bool>(result, 0, "ID"); }),
            "result: expected a column \"ID\", found id, name");
  EXPECT_EQ(refusal_of([&] { return decode_field<std::optional<bool>>(result, 0, 2); }),
            "result: expected 3 columns, found 2");
  EXPECT_EQ(Result().rows(), 0);
  EXPECT_EQ(Result().affected_rows(), 0);
}

}  // namespace
}  // namespace qm
