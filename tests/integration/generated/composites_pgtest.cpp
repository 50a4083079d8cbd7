// Composite types, ranges and arrays of both through generated clients: what was written comes
// back, and the server sees the same.
#include "generated_client.hpp"

namespace qm::test {
namespace {

using library::AddHouseParams;
using library::Address;
using library::House;
using library::Mood;
using library::Room;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

// Every character that any of the quotings treats on its own.
constexpr const char* awkward = "a \"b\" \\ ('c'), {d} [e] NULL\n\t\x01 ü";

House house() {
  return {.address = Address{awkward, std::nullopt},
          .rooms = std::vector{Room{.label = "",
                                    .size = Numeric("12.5"),
                                    .built = 1900,
                                    .mood = Mood::very_happy,
                                    .tags = std::vector<std::string>{"", "null", awkward, "{x}"}},
                               Room{.label = "(1,2)", .tags = std::vector<std::string>{}}},
          .open = Range<std::int32_t>{9, 18},
          .class_ = true};
}

AddHouseParams full(int id) {
  return {.id = id,
          .house = house(),
          .flats = std::vector{Address{"A, \"B\"", 1}, Address{}, Address{"{}", -2}},
          .weeks = {Range<Date>{Date::parse("2024-02-28"), Date::parse("2024-03-01")},
                    Range<Date>{.upper = Date::parse("2025-01-01")},
                    Range<Date>{.lower_inclusive = false, .empty = true}},
          .years = {-5, 1'000'000'000'000},
          .price = Range<Numeric>{Numeric("0.10"), Numeric("99.99"), false, true},
          .built = Range<Timestamp>{.lower = Timestamp::parse("1999-12-31 23:59:59.5")},
          .seen = Range<TimestampTz>{TimestampTz::parse("2024-01-01 00:00Z"),
                                     TimestampTz::parse("2024-01-02 12:30+02"), true, true}};
}

TEST_F(GeneratedClient, KeepsCompositesAndRanges) {
  const AddHouseParams params = full(1);
  client.add_house(db, params);
  const library::PublicHouse read = client.get_house(db, 1).value();
  EXPECT_EQ(read.house, params.house);
  EXPECT_EQ(read.flats, params.flats);
  ASSERT_EQ(read.weeks.size(), 3U);
  EXPECT_EQ(read.weeks[0], params.weeks[0]);
  EXPECT_EQ(read.weeks[1].lower, std::nullopt);
  EXPECT_EQ(read.weeks[1].upper, params.weeks[1].upper);
  EXPECT_TRUE(read.weeks[2].empty);
  EXPECT_EQ(read.years, params.years);
  EXPECT_EQ(read.price, params.price);
  EXPECT_EQ(read.built->lower, params.built->lower);
  EXPECT_EQ(read.built->upper, std::nullopt);
  EXPECT_EQ(read.seen, params.seen);
  EXPECT_EQ(ask("select ((house).rooms)[1].tags[3] from houses"), awkward);
  EXPECT_EQ(ask("select ((house).address).street from houses"), awkward);
  EXPECT_EQ(ask("select array_length(((house).rooms)[2].tags, 1) is null from houses"), "t");
  // The same from text, which a column without a binary reader makes of the whole result.
  const library::HousesAsTextRow text = client.houses_as_text(db, 1).value();
  EXPECT_EQ(text.house, params.house);
  EXPECT_EQ(text.years, params.years);
  EXPECT_EQ(text.price, params.price);
  EXPECT_EQ(text.seen, params.seen);
}

TEST_F(GeneratedClient, KeepsWhatIsAbsent) {
  client.add_house(db, {.id = 1, .weeks = {}, .years = {.empty = true}});
  client.add_house(db, {.id = 2, .house = House{}, .flats = std::vector<Address>{}, .years = {}});
  const library::PublicHouse absent = client.get_house(db, 1).value();
  EXPECT_EQ(absent.house, std::nullopt);
  EXPECT_EQ(absent.flats, std::nullopt);
  EXPECT_TRUE(absent.years.empty);
  EXPECT_EQ(absent.price, std::nullopt);
  const library::PublicHouse hollow = client.get_house(db, 2).value();
  EXPECT_THAT(hollow.house, Optional(House{}));
  EXPECT_THAT(hollow.flats, Optional(ElementsAre()));
  EXPECT_FALSE(hollow.years.empty);
  EXPECT_EQ(hollow.years.to_string(), "(,)");
}

TEST_F(GeneratedClient, CopiesComposites) {
  const std::vector<library::CopyHousesParams> houses{
      {.id = 1, .house = house(), .weeks = {}}, {.id = 2, .house = std::nullopt, .weeks = {}}};
  client.copy_houses(db, houses);
  EXPECT_EQ(client.get_house(db, 1).value().house, house());
  EXPECT_EQ(client.get_house(db, 2).value().house, std::nullopt);
}

TEST_F(GeneratedClient, AsksWithCompositesAndRanges) {
  client.add_house(db, full(1));
  client.add_house(db, {.id = 2, .years = {10, 20}});
  EXPECT_THAT(client.houses_between(db, {.years = {10, 11}, .address = {awkward, std::nullopt}}),
              ElementsAre(1));
}

TEST_F(GeneratedClient, SaysThatACompositeHasChanged) {
  client.add_house(db, full(1));
  db.execute("alter type address add attribute country text");
  try {
    client.get_house(db, 1);
    FAIL() << "read a type that has one more attribute";
  } catch (const DecodeError& error) {
    EXPECT_THAT(error.what(), HasSubstr("house"));
    EXPECT_THAT(error.what(), HasSubstr("attribute address"));
    EXPECT_THAT(error.what(), HasSubstr("found more"));
  }
}

TEST(Ranges, AreTextForPeople) {
  EXPECT_EQ((Range<std::int32_t>{1, 10}).to_string(), "[1,10)");
  EXPECT_EQ((Range<std::int32_t>{.upper = 10, .upper_inclusive = true}).to_string(), "(,10]");
  EXPECT_EQ((Range<std::int32_t>{.empty = true}).to_string(), "empty");
  EXPECT_EQ((Range<Timestamp>{Timestamp::parse("2024-01-01 00:00")}).to_string(),
            "[\"2024-01-01 00:00:00\",)");
  const House row{.open = Range<std::int32_t>{1, 2}};
  EXPECT_EQ(library::to_string(row), "{address: null, rooms: null, open: \"[1,2)\", class: null}");
}

TEST(Ranges, KnowWhatIsInThem) {
  const Range<std::int32_t> range{1, 3};
  EXPECT_FALSE(range.contains(0));
  EXPECT_TRUE(range.contains(1));
  EXPECT_FALSE(range.contains(3));
  EXPECT_TRUE((Range<std::int32_t>{1, 3, false, true}).contains(3));
  EXPECT_FALSE((Range<std::int32_t>{1, 3, false, true}).contains(1));
  EXPECT_TRUE((Range<std::int32_t>{}).contains(-7));
  EXPECT_FALSE((Range<std::int32_t>{.empty = true}).contains(0));
}

}  // namespace
}  // namespace qm::test
