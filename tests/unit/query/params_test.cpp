// ParamBuffer: what is copied, what is borrowed, what happens when it is full.
#include <gtest/gtest.h>

#include <vector>

#include "fields.hpp"

namespace qm {
namespace {

TEST(ParamBuffer, BorrowsTextThatIsItsOwnBinaryForm) {
  const std::string text = "snow";
  ParamBuffer<2> params;
  encode_as(params, oids::text, text);
  encode_as(params, Oid{16400}, text);
  const ParamView view = params.view();
  EXPECT_EQ(view.values[0], text.data());
  EXPECT_EQ(view.formats[0], 1);
  EXPECT_EQ(view.lengths[0], 4);
  EXPECT_EQ(view.values[1], text.data()) << "it ends in a zero byte";
  EXPECT_EQ(view.formats[1], 0);
}

TEST(ParamBuffer, CopiesWhatHasNoZeroByteAtItsEnd) {
  const std::string text = "snowman";
  ParamBuffer<1> params;
  encode_as(params, Oid{16400}, std::string_view(text).substr(0, 4));
  EXPECT_NE(params.view().values[0], text.data());
  EXPECT_STREQ(params.view().values[0], "snow");
  EXPECT_EQ(params.view().lengths[0], 4);
}

TEST(ParamBuffer, NullIsNotTheEmptyText) {
  ParamBuffer<3> params;
  encode_as(params, oids::text, std::optional<std::string>());
  encode_as(params, oids::text, std::string());
  encode_as(params, oids::bytea, Bytes());
  const ParamView view = params.view();
  EXPECT_EQ(view.size(), 3U);
  EXPECT_EQ(view.values[0], nullptr);
  EXPECT_EQ(view.types[0], oids::text);
  EXPECT_NE(view.values[1], nullptr);
  EXPECT_NE(view.values[2], nullptr);
  EXPECT_EQ(view.lengths[2], 0);
}

TEST(ParamBuffer, WhatDoesNotFitGoesToTheHeap) {
  const std::vector<std::int64_t> many(1000, 7);
  ParamBuffer<3> params;
  encode_as(params, oids::int4, std::int32_t{1});
  encode_as(params, oids::int8_array, many);
  encode_as(params, oids::int4, std::int32_t{2});
  const ParamView view = params.view();
  EXPECT_EQ(wire::load<std::int32_t>(view.values[0]), 1);
  EXPECT_EQ(view.lengths[1], 20 + 12 * 1000);
  EXPECT_EQ(Codec<std::vector<std::int64_t>>::decode(
                {.data = view.values[1], .size = view.lengths[1], .format = 1, .type = 1016}),
            many);
  EXPECT_EQ(wire::load<std::int32_t>(view.values[2]), 2);
}

TEST(ParamBuffer, RefusesOneMoreThanItWasMadeFor) {
  ParamBuffer<1> params;
  encode_as(params, oids::int4, std::int32_t{1});
  EXPECT_EQ(refusal_of([&] {
              encode_as(params, oids::int4, std::int32_t{2});
              return 0;
            }),
            "parameters: expected at most 1, found one more");
  EXPECT_EQ(refusal_of([&] {
              params.null(0);
              return 0;
            }),
            "parameters: expected at most 1, found one more");
  EXPECT_EQ(params.size(), 1U);
}

TEST(ParamBuffer, RefusesWhatPostgresCannotHold) {
  ParamBuffer<1> params;
  const char byte = 'x';
  EXPECT_EQ(refusal_of([&] {
              params.borrow(oids::bytea, &byte, ParamSink::max_size + 1);
              return 0;
            }),
            "parameter $1: expected at most 1073741823 bytes, found 1073741824 bytes (PostgreSQL "
            "keeps no larger value)");
}

}  // namespace
}  // namespace qm
