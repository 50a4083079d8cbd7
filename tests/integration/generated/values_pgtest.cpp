// What generated clients make of types, embedded rows and odd names, and rows as text and JSON.
#include <sstream>

#include "generated_client.hpp"

namespace qm::test {
namespace {

using library::Mood;
using testing::ElementsAre;
using testing::Optional;

TEST_F(GeneratedClient, WritesAndReadsTypesOfTheSchema) {
  const library::Author made = client.create_author(
      db, {.name = "Ann",
           .bio = "b",
           .mood = Mood::very_happy,
           .moods = std::vector{Mood::class_},
           .born = 1900,
           .mail = "A@b",
           .home = library::Address{"Main St", 12},
           .active = Range<TimestampTz>{TimestampTz::parse("2024-01-01 00:00Z")},
           .place = "(1,2.5)",
           .years = "{1900,2000}"});
  EXPECT_EQ(made.mood, Mood::very_happy);
  EXPECT_THAT(made.moods, Optional(ElementsAre(Mood::class_)));
  EXPECT_THAT(made.born, Optional(1900));
  EXPECT_THAT(made.mail, Optional(std::string("A@b")));
  EXPECT_THAT(made.home, Optional(library::Address{"Main St", 12}));
  EXPECT_THAT(made.active, Optional(Range<TimestampTz>{TimestampTz::parse("2024-01-01 00:00Z")}));
  EXPECT_THAT(made.place, Optional(std::string("(1,2.5)")));
  EXPECT_THAT(made.words, Optional(std::string("'ann':1")));
  EXPECT_THAT(made.years, Optional(std::string("{1900,2000}")));
  EXPECT_EQ(made.settings.text, "{}");
  EXPECT_EQ(client.get_author(db, made.id), made);
}

TEST_F(GeneratedClient, RefusesALabelThatItDoesNotKnow) {
  author("a");
  db.execute("alter type mood add value 'new'");
  db.execute("update authors set mood = 'new'");
  EXPECT_THROW(client.moods_of(db), DecodeError);
}

TEST_F(GeneratedClient, EmbedsRowsThatMayBeMissing) {
  const auto ann = author("ann");
  author("bea");
  const std::vector<library::AddBooksParams> books{{.id = 1, .author_id = ann, .title = "One"}};
  client.add_books(db, books);
  const auto rows = client.authors_and_books(db);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].authors.name, "ann");
  EXPECT_EQ(rows[0].book.value().title, "One");
  EXPECT_EQ(rows[1].book, std::nullopt);
  const auto views = client.authors_and_books_view(db);
  EXPECT_EQ(views[0].book().value().title(), "One");
  EXPECT_EQ(views[1].book(), std::nullopt);
  EXPECT_EQ(views[1].authors().name(), "bea");
  EXPECT_EQ(views[0].to_row(), rows[0]);
}

TEST_F(GeneratedClient, KeepsOperatorsAndStringsAsTheyAre) {
  const std::vector<library::AddBooksParams> books{
      {.id = 1, .title = "One", .data = Json{R"({"a": 1, "b": 2})"}},
      {.id = 2, .title = "Two", .data = Json{R"({"a": 1})"}}};
  client.add_books(db, books);
  EXPECT_THAT(client.with_key(db, {.data = "a", .also = Json{R"({"b": 2})"}}), ElementsAre(1));
  EXPECT_EQ(client.books_by_ids(db, {2, 1, 7}).size(), 2U);
  const library::OddRow odd = client.odd(db, 3);
  EXPECT_EQ(odd.Read, "it's -- @not, $1");
  EXPECT_EQ(odd.class_, "'");
  EXPECT_EQ(odd.column, 1);
  EXPECT_EQ(odd.column_, 2);
  EXPECT_EQ(odd.a, 5);
  EXPECT_THAT(odd.twice, Optional(6));
  EXPECT_EQ(odd.pair, "(1,x)");
  EXPECT_EQ(odd.nowhere, std::nullopt);
  EXPECT_THAT(odd.range, Optional(Range<std::int32_t>{1, 3}));
}

TEST_F(GeneratedClient, SharesARowTypeBetweenQueriesOfOneShape) {
  static_assert(std::is_same_v<library::BookByIdRow, library::BooksByIdsRow>);
  static_assert(!std::is_same_v<library::Author, library::AuditedAuthor>);
  static_assert(std::is_same_v<decltype(library::TitlesRow::title), std::optional<std::string>>);
  db.execute("insert into audit.authors (id) values (7)");
  EXPECT_EQ(client.audited_authors(db).at(0).id, 7);
}

TEST(GeneratedRows, AreTextForPeopleAndJson) {
  library::Author row;
  row.name = "Ann \"A\"";
  row.mood = Mood::very_happy;
  row.moods = {Mood::sad};
  row.tags = {"a", "b"};
  row.fee = Numeric("12.50");
  row.settings = Json{R"({"deep": {"list": [1, 2.5, null, "x"]}, "none": {}})"};
  row.picture = Bytes{std::byte{1}};
  row.member_since = TimestampTz::parse("2024-05-06 07:08:09.5+00");
  row.class_ = "c";
  EXPECT_EQ(to_json(row),
            R"({"id": 0,"name": "Ann \"A\"","bio": null,"mood": "very happy","moods": ["sad"],)"
            R"("born": null,"mail": null,"home": null,"active": null,"place": null,"words": null,)"
            R"("tags": ["a","b"],"years": null,"fee": "12.50",)"
            R"("settings": {"deep": {"list": [1,2.5,null,"x"]},"none": {}},"picture": "\\x01",)"
            R"("since": "2024-05-06T07:08:09.5Z","größe": null,"class": "c"})");
  std::ostringstream out;
  out << library::BookByIdRow{.id = 1, .title = "a \"b\""};
  EXPECT_EQ(out.str(), R"({id: 1, title: "a \"b\""})");
  const std::vector<library::BookByIdRow> rows{{.id = 1, .title = "x"}, {.id = 2, .title = ""}};
  EXPECT_EQ(to_json(rows), R"([{"id": 1,"title": "x"},{"id": 2,"title": ""}])");
  EXPECT_EQ(to_json(std::vector<library::BookByIdRow>{}), "[]");
  row.settings.text = "not json";
  EXPECT_THROW(to_json(row), DecodeError);
}

}  // namespace
}  // namespace qm::test
