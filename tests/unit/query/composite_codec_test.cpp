// Ranges and composite values in both formats: what PostgreSQL sends, what it would never send, and
// bytes at random.
#include <gmock/gmock.h>

#include <quartermaster/composite_codec.hpp>
#include <random>
#include <vector>

#include "fields.hpp"

namespace qm {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Oid own_type = 50'000;  // of a schema

struct Point {
  std::optional<std::int32_t> x;
  std::int32_t y = 0;

  static constexpr bool is_composite = true;
  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& visitor) {
    visitor("x", self.x);
    visitor("y", self.y);
  }
  friend bool operator==(const Point&, const Point&) = default;
};

struct Shape {
  std::optional<std::string> name;
  std::optional<std::vector<Point>> corners;
  std::optional<Range<std::int32_t>> width;

  static constexpr bool is_composite = true;
  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& visitor) {
    visitor("name", self.name);
    visitor("corners", self.corners);
    visitor("width", self.width);
  }
  friend bool operator==(const Shape&, const Shape&) = default;
};

template <class T>
auto refuses(const Field& field, const std::string& message) {
  return testing::Matches(ThrowsMessage<DecodeError>(HasSubstr(message)))(
      [&] { static_cast<void>(Codec<T>::decode(field)); });
}

using IntRange = Range<std::int32_t>;

TEST(RangeCodec, ReadsPostgresBinaryForm) {
  const Wire both = Wire().byte(0x02).sized(Wire().i32(1)).sized(Wire().i32(9));
  EXPECT_EQ(Codec<IntRange>::decode(both.field(oids::int4range)), (IntRange{1, 9}));
  const Wire open = Wire().byte(0x08 | 0x04).sized(Wire().i32(9));
  EXPECT_EQ(Codec<IntRange>::decode(open.field(oids::int4range)),
            (IntRange{.upper = 9, .lower_inclusive = false, .upper_inclusive = true}));
  const Wire empty = Wire().byte(0x01);
  EXPECT_TRUE(Codec<IntRange>::decode(empty.field(oids::int4range)).empty);
}

TEST(RangeCodec, ReadsTextFormat) {
  const auto read = [](std::string_view text) {
    return Codec<IntRange>::decode(text_field(oids::int4range, text)).to_string();
  };
  EXPECT_EQ(read("[1,9)"), "[1,9)");
  EXPECT_EQ(read("(,\"9\"]"), "(,9]");
  EXPECT_EQ(read("(,)"), "(,)");
  EXPECT_EQ(read("empty"), "empty");
}

TEST(RangeCodec, RefusesBrokenOnes) {
  EXPECT_TRUE(refuses<IntRange>(text_field(oids::int4range, ""), "no [ or ("));
  EXPECT_TRUE(refuses<IntRange>(text_field(oids::int4range, "[1"), "no end"));
  EXPECT_TRUE(refuses<IntRange>(text_field(oids::int4range, "[1,2"), "no end"));
  EXPECT_TRUE(refuses<IntRange>(text_field(oids::int4range, "[\"1,2)"), "no end"));
  EXPECT_TRUE(refuses<IntRange>(text_field(oids::int4range, "[1,2) "), "text after its end"));
  EXPECT_TRUE(refuses<IntRange>(text_field(oids::int4range, "[a,2)"), "a"));
  EXPECT_TRUE(refuses<IntRange>(Wire().field(oids::int4range), "no flags"));
  EXPECT_TRUE(refuses<IntRange>(Wire().byte(2).field(oids::int4range), "an end in the middle"));
  EXPECT_TRUE(refuses<IntRange>(Wire().byte(2).null().null().field(oids::int4range), "NULL"));
  EXPECT_TRUE(refuses<IntRange>(Wire().byte(1).byte(1).field(oids::int4range), "after its end"));
  EXPECT_TRUE(refuses<IntRange>(Wire().byte(1).field(oids::daterange), "daterange"));
}

TEST(CompositeCodec, ReadsPostgresBinaryForm) {
  const Wire point =
      Wire().i32(2).oid(oids::int4).sized(Wire().i32(1)).oid(oids::int4).sized(Wire().i32(2));
  EXPECT_EQ(Codec<Point>::decode(point.field(own_type)), (Point{1, 2}));
  EXPECT_EQ(Codec<Point>::decode(point.field(oids::record)), (Point{1, 2}));
  const Wire no_x = Wire().i32(2).oid(oids::int4).null().oid(oids::int4).sized(Wire().i32(2));
  EXPECT_EQ(Codec<Point>::decode(no_x.field(own_type)), (Point{std::nullopt, 2}));
}

TEST(CompositeCodec, WritesWhatItReads) {
  const Shape shape{.name = "a \"b\" (c)\\",
                    .corners = std::vector{Point{1, 2}, Point{std::nullopt, -3}},
                    .width = IntRange{1, 5}};
  EXPECT_EQ(Codec<Shape>::text_of(shape), R"~(("a ""b"" (c)\\","{""(1,2)"",""(,-3)""}","[1,5)"))~");
  EXPECT_EQ(Codec<Shape>::decode(text_field(own_type, Codec<Shape>::text_of(shape))), shape);
  EXPECT_EQ(Codec<Shape>::text_of({}), "(,,)");
  EXPECT_EQ(Codec<Shape>::decode(text_field(own_type, "(,,)")), Shape{});
}

TEST(CompositeCodec, RefusesBrokenOnes) {
  EXPECT_TRUE(refuses<Point>(text_field(own_type, ""), "no ("));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1"), "no end"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1,\"2)"), "no end"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1,2\\"), "no end"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1,2) "), "text after its end"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1)"), "found fewer"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1,2,3)"), "found more"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1,)"), "attribute y: expected a value"));
  EXPECT_TRUE(refuses<Point>(text_field(own_type, "(1,x)"), "attribute y"));
  EXPECT_TRUE(refuses<Point>(Wire().field(own_type), "no count"));
  EXPECT_TRUE(refuses<Point>(Wire().i32(-1).field(own_type), "a negative count"));
  EXPECT_TRUE(refuses<Point>(Wire().i32(1'000'000).field(own_type), "cut off"));
  EXPECT_TRUE(refuses<Point>(Wire().i32(2).oid(oids::int4).field(own_type), "in the middle"));
  EXPECT_TRUE(refuses<Point>(Wire().i32(0).field(own_type), "found fewer"));
  EXPECT_TRUE(refuses<Point>(Wire().i32(0).field(oids::int4), "integer"));
}

// A value or a DecodeError, whatever the bytes; sanitizers watch.
TEST(CompositeCodec, SurvivesBytesAtRandom) {
  std::mt19937 random(7);
  const Shape shape{.name = "name", .corners = std::vector{Point{1, 2}}, .width = IntRange{1, 5}};
  const std::string text = Codec<Shape>::text_of(shape);
  const std::string binary = Wire()
                                 .i32(3)
                                 .oid(oids::text)
                                 .sized("name")
                                 .oid(own_type)
                                 .null()
                                 .oid(oids::int4range)
                                 .sized(Wire().byte(2).sized(Wire().i32(1)).sized(Wire().i32(5)))
                                 .data();
  int refused = 0;
  const int rounds = 20'000;
  for (int i = 0; i < rounds; ++i) {
    const bool is_text = i % 2 == 0;
    std::string bytes = is_text ? text : binary;
    for (int changes = 1 + static_cast<int>(random() % 3); changes > 0 && !bytes.empty();
         --changes) {
      const std::size_t at = random() % bytes.size();
      if (random() % 4 == 0) {
        bytes.resize(at);
      } else {
        bytes[at] = is_text ? "(),\"\\{}[]1x "[random() % 13] : static_cast<char>(random());
      }
    }
    try {
      static_cast<void>(Codec<Shape>::decode(is_text ? text_field(own_type, bytes)
                                                     : binary_field(own_type, bytes)));
    } catch (const DecodeError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, rounds / 2);
}

}  // namespace
}  // namespace qm
