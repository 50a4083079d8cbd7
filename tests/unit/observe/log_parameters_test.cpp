// What of a statement's parameters reaches the log, and what never does.
#include "observe/log_parameters.hpp"

#include <gmock/gmock.h>

#include "statement_events.hpp"

namespace qm::observe::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

std::string ad_hoc(const Params& params) {
  QueryEvent event = ad_hoc_event("x", {});
  event.params = params.view();
  return render_parameters(event);
}

std::string declared(const Params& params, std::vector<QueryValue> values) {
  const RegisteredQuery query = registered(0, "p", "q", std::move(values));
  QueryEvent event = event_of(query, {});
  event.params = params.view();
  return render_parameters(event);
}

TEST(LogParameters, NoneIsEmpty) {
  EXPECT_EQ(render_parameters(ad_hoc_event("x", {})), "");
  EXPECT_EQ(ad_hoc(Params{}), "");
}

TEST(LogParameters, ShowsValuesOfPlainTypes) {
  EXPECT_EQ(ad_hoc(Params{encoded(true), encoded(std::int16_t{-2}), encoded(std::int32_t{7}),
                          encoded(std::int64_t{1} << 40), encoded(1.5F), encoded(0.1)}),
            "[$1=true, $2=-2, $3=7, $4=1099511627776, $5=1.5, $6=0.1]");
  EXPECT_EQ(ad_hoc(Params{encoded(Uuid::parse("0190c1c8-5f0e-7c3a-8a55-0123456789ab")),
                          encoded(Numeric("12.50")), encoded(Date::parse("2024-02-29"))}),
            "[$1=0190c1c8-5f0e-7c3a-8a55-0123456789ab, $2=12.50, $3=2024-02-29]");
  EXPECT_EQ(ad_hoc(Params{encoded(Timestamp::parse("2024-05-06 07:08:09.5")),
                          encoded(TimestampTz::parse("2024-05-06 07:08:09Z")),
                          encoded(TimeOfDay::parse("01:02:03")), encoded(Interval{1, 2, 0})}),
            "[$1=2024-05-06 07:08:09.5, $2=2024-05-06 07:08:09+00, $3=01:02:03, $4=P1M2D]");
}

TEST(LogParameters, HashesTextAndUnknownTypes) {
  const std::string shown = ad_hoc(Params{{oids::text, "hello secret"},
                                          {oids::bytea, "secret"},
                                          {oids::jsonb, "\1{\"a\":\"secret\"}"},
                                          {oids::inet, "secret"},
                                          {0, "secret", 0},
                                          {70000, "secret", 0},
                                          {oids::text_array, "secret"}});
  EXPECT_THAT(shown, Not(HasSubstr("secret")));
  EXPECT_THAT(
      shown, MatchesRegex("\\[\\$1=<text 12 bytes #[0-9a-f]{8}>, \\$2=<bytea 6 bytes #[0-9a-f]{8}>,"
                          " \\$3=<jsonb 14 bytes #[0-9a-f]{8}>, \\$4=<inet 6 bytes #[0-9a-f]{8}>,"
                          " \\$5=<value 6 bytes #[0-9a-f]{8}>, \\$6=<value 6 bytes #[0-9a-f]{8}>,"
                          " \\$7=<text\\[\\] 6 bytes #[0-9a-f]{8}>\\]"));
}

TEST(LogParameters, TheHashTellsValuesApart) {
  EXPECT_EQ(keyed_hash("a"), keyed_hash("a"));
  EXPECT_NE(keyed_hash("a"), keyed_hash("b"));
  EXPECT_NE(keyed_hash(""), keyed_hash("a"));
}

TEST(LogParameters, BytesThatOnlyClaimToBeNumbersAreHashed) {
  const std::string shown = ad_hoc(Params{{oids::int4, "secret", 0},
                                          {oids::int4, "secret"},
                                          {oids::uuid, "secret"},
                                          {oids::date, "secret", 0},
                                          {oids::numeric, "secret"},
                                          {oids::boolean, "secret", 0}});
  EXPECT_THAT(shown, Not(HasSubstr("secret")));
  EXPECT_EQ(ad_hoc(Params{{oids::int4, "42", 0}}), "[$1=42]");
}

TEST(LogParameters, SensitiveOnesAreNeverShown) {
  EXPECT_EQ(
      declared(Params{encoded(std::int32_t{7}), {oids::text, "pw"}, {oids::text, "", 1, true}},
               {{.name = "pin", .type = "integer", .sensitive = true},
                {.name = "password", .type = "text", .sensitive = true, .loggable = true},
                {.name = "token", .type = "text", .sensitive = true}}),
      "[$1 pin=<sensitive>, $2 password=<sensitive>, $3 token=<sensitive>]");
}

TEST(LogParameters, NullIsNull) {
  EXPECT_EQ(ad_hoc(Params{{oids::text, "", 1, true}, {oids::int4, "", 1, true}}),
            "[$1=NULL, $2=NULL]");
}

TEST(LogParameters, LoggableTextIsQuotedAndCut) {
  const QueryValue title{.name = "title", .type = "text", .loggable = true};
  EXPECT_EQ(declared(Params{{oids::text, "Dr. \"No\"\n, $2=x"}}, {title}),
            R"([$1 title="Dr. \"No\"\n, $2=x"])");
  EXPECT_EQ(declared(Params{{oids::text, std::string(64, 'a')}}, {title}),
            "[$1 title=\"" + std::string(64, 'a') + "\"]");
  EXPECT_EQ(declared(Params{{oids::text, std::string(65, 'a')}}, {title}),
            "[$1 title=\"" + std::string(64, 'a') + "\"...(65 bytes)]");
  // Not within a character.
  EXPECT_EQ(declared(Params{{oids::text, std::string(63, 'a') + "\xc3\xa9"}}, {title}),
            "[$1 title=\"" + std::string(63, 'a') + "\"...(65 bytes)]");
  EXPECT_EQ(
      declared(Params{{oids::jsonb, "\1{}"}}, {{.name = "doc", .type = "jsonb", .loggable = true}}),
      "[$1 doc=\"{}\"]");
}

TEST(LogParameters, NamesThatLookLikeSyntaxAreQuoted) {
  EXPECT_EQ(declared(Params{encoded(std::int32_t{1})}, {{.name = "a=1, $2\n", .type = "integer"}}),
            "[$1 \"a=1, $2\\n\"=1]");
}

TEST(LogParameters, ManyAreCounted) {
  const RegisteredQuery query = registered(0, "p", "q");
  const std::vector<const char*> values(40, nullptr);
  const std::vector<int> numbers(40, 1);
  const std::vector<Oid> types(40, oids::int4);
  const ParamView view{values, numbers, numbers, types};
  QueryEvent event = event_of(query, {});
  event.params = &view;
  const std::string shown = render_parameters(event);
  EXPECT_THAT(shown, HasSubstr("$32=NULL, 8 more]"));
  EXPECT_THAT(shown, Not(HasSubstr("$33")));
}

}  // namespace
}  // namespace qm::observe::test
