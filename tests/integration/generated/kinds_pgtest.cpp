// Every kind of query through a generated client without a plugin: what it gives back, and what a
// failure leaves behind.
#include <quartermaster/transaction.hpp>
#include <sstream>

#include "generated_client.hpp"

namespace qm::test {
namespace {

using library::Mood;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

TEST_F(GeneratedClient, OneIsOptionalUnlessPostgresqlGuaranteesTheRow) {
  EXPECT_EQ(client.count_authors(db), 0);
  EXPECT_EQ(client.get_author(db, 1), std::nullopt);
  const library::Author ann = client.create_author(db, {.name = "Ann", .mood = Mood::sad});
  EXPECT_EQ(client.get_author(db, ann.id), ann);
  EXPECT_EQ(client.count_authors(db), 1);
}

TEST_F(GeneratedClient, ManyIsAVectorOrARangeOverTheResult) {
  for (const char* name : {"b", "a", "c"})
    author(name);
  std::vector<std::string> names;
  for (const library::Author& row : client.list_authors(db, {.limit = 2, .offset = 1}))
    names.push_back(row.name);
  EXPECT_THAT(names, ElementsAre("b", "c"));

  const auto rows = client.list_authors_view(db, {.limit = 2, .offset = 1});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name(), "b");
  EXPECT_EQ((rows.end() - 1)[0].name(), "c");
  EXPECT_EQ(rows[1].bio(), std::nullopt);
  EXPECT_EQ(rows[1].to_row(), client.get_author(db, rows[1].id()));
  static_assert(std::ranges::random_access_range<decltype(rows)>);

  const auto only = client.author_names_view(db);
  EXPECT_THAT(std::vector<std::string>(only.begin(), only.end()), ElementsAre("b", "a", "c"));
}

TEST_F(GeneratedClient, ExecRowsCountsAndExecResultHasTheTag) {
  const auto ann = author("ann");
  author("bea");
  const Result renamed = client.rename_author(db, {.id = ann, .name = "Anna"});
  EXPECT_EQ(renamed.command_tag(), "UPDATE 1");
  EXPECT_EQ(client.delete_authors(db, {"Anna", "bea", "nobody"}), 2);
}

TEST_F(GeneratedClient, CopyWritesAllRows) {
  const TimestampTz since = TimestampTz::parse("2024-05-06 07:08:09.5+00");
  const std::vector<library::NameAuthorsParams> rows{
      {.name = "Ann",
       .mood = Mood::very_happy,
       .born = 1970,
       .mail = "Ann@Example.org",
       .tags = {"a", "b \"quoted\""},
       .fee = Numeric("12.50"),
       .settings = Json{R"({"k": [1]})"},
       .picture = Bytes{std::byte{0}, std::byte{255}},
       .since = since},
      {.name = "Bea", .mood = Mood::class_, .mail = "bea", .tags = {}, .settings = Json{"{}"}}};
  EXPECT_EQ(client.name_authors(db, rows), 2);
  const auto read = client.list_authors(db, {.limit = 10, .offset = 0});
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].mood, Mood::very_happy);
  EXPECT_THAT(read[0].born, Optional(1970));
  EXPECT_THAT(read[0].mail, Optional(std::string("Ann@Example.org")));
  EXPECT_THAT(read[0].tags, ElementsAre("a", "b \"quoted\""));
  EXPECT_EQ(read[0].fee, Numeric("12.50"));
  EXPECT_EQ(read[0].settings.text, R"({"k": [1]})");
  EXPECT_EQ(read[0].picture, (Bytes{std::byte{0}, std::byte{255}}));
  EXPECT_EQ(read[0].member_since, since);
  EXPECT_EQ(read[1].fee, std::nullopt);
  EXPECT_EQ(read[1].member_since, std::nullopt);
  EXPECT_EQ(client.name_authors(db, {}), 0);
}

// Its array has no binary form that the client could write.
TEST_F(GeneratedClient, CopyIsABatchWhereATypeAsksForIt) {
  const std::vector<library::CopyMoodsParams> rows{
      {.name = "a", .moods = std::vector{Mood::sad, Mood::very_happy}}, {.name = "b"}};
  EXPECT_EQ(client.copy_moods(db, rows), 2);
  EXPECT_EQ(ask("select moods from authors order by name"), "{sad,\"very happy\"}\n(null)");
}

TEST_F(GeneratedClient, CopyOfManyRowsLeavesNoneBehindWhenOneIsRefused) {
  const std::string text(1000, 'x');
  std::vector<library::NameAuthorsParams> rows(
      5000, library::NameAuthorsParams{
                .name = text, .mood = Mood::ok, .mail = "same", .tags = {}, .settings = {}});
  EXPECT_THROW(client.name_authors(db, rows), UniqueViolation);
  EXPECT_EQ(client.count_authors(db), 0);
  std::vector<std::string> mails;
  mails.reserve(rows.size());
  for (auto& row : rows)
    row.mail = mails.emplace_back(std::to_string(mails.size()));
  EXPECT_EQ(client.name_authors(db, rows), 5000);
}

TEST_F(GeneratedClient, CopyEndsWithTheReasonWhenARowCannotBeEncoded) {
  std::vector<library::NameAuthorsParams> rows(
      3, library::NameAuthorsParams{
             .name = "n", .mood = Mood::ok, .mail = "m", .tags = {}, .settings = {}});
  rows[2].name = std::string_view("a\0b", 3);
  EXPECT_THROW(client.name_authors(db, rows), DecodeError);
  EXPECT_EQ(client.count_authors(db), 0) << "and the connection goes on";
}

TEST_F(GeneratedClient, BatchesGiveAResultForEachCall) {
  const auto ann = author("ann");
  const std::vector<library::AddBooksParams> books{{.id = 1, .author_id = ann, .title = "One"},
                                                   {.id = 2, .author_id = ann, .title = "Two"},
                                                   {.id = 3, .title = "Three"}};
  client.add_books(db, books);
  const std::vector<std::int32_t> ids{3, 9, 1};
  const auto found = client.book_by_id(db, ids);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].value().title, "Three");
  EXPECT_EQ(found[1], std::nullopt);
  EXPECT_EQ(found[2].value().title, "One");
  const std::vector<std::int64_t> authors{ann, 77};
  const auto lists = client.books_of(db, authors);
  ASSERT_EQ(lists.size(), 2U);
  EXPECT_EQ(lists[0].size(), 2U);
  EXPECT_THAT(lists[1], IsEmpty());
  const std::vector<library::AddBookParams> more{{.id = 4, .title = "Four"}};
  EXPECT_EQ(client.add_book(db, more).at(0).title, "Four") << "certain to give a row";
  EXPECT_THAT(client.book_by_id(db, {}), IsEmpty());
}

// More than both ends' buffers hold, so that whoever only writes would wait for ever.
TEST_F(GeneratedClient, BatchesReadWhileTheyWrite) {
  const std::string long_title(20, 't');
  std::vector<library::AddBooksParams> books;
  const Json data{"{\"text\": \"" + std::string(2000, 'd') + "\"}"};
  for (std::int32_t id = 0; id < 20'000; ++id)
    books.push_back({.id = id, .title = long_title, .data = data});
  client.add_books(db, books);
  std::vector<std::int32_t> ids;
  for (std::int32_t id = 0; id < 20'000; ++id)
    ids.push_back(19'999 - id);
  const auto found = client.book_by_id(db, ids);
  ASSERT_EQ(found.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    ASSERT_EQ(found[i].value().id, ids[i]);
}

TEST_F(GeneratedClient, BatchesTakeEffectAsAWhole) {
  const std::vector<library::AddBooksParams> books{
      {.id = 1, .title = "One"}, {.id = 2, .title = "Two"}, {.id = 1, .title = "Again"}};
  try {
    client.add_books(db, books);
    FAIL();
  } catch (const UniqueViolation& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("library.AddBooks (call 3 of 3)"));
  }
  EXPECT_EQ(ask("select count(*) from \"Book List\""), "0");
  const std::vector<std::int32_t> ids{1};
  EXPECT_EQ(client.book_by_id(db, ids).at(0), std::nullopt) << "the connection goes on";
}

TEST_F(GeneratedClient, BatchesSendNothingWhenACallCannotBeEncoded) {
  const std::vector<library::AddBooksParams> books{{.id = 1, .title = "One"},
                                                   {.id = 2, .title = std::string_view("a\0b", 3)}};
  EXPECT_THROW(client.add_books(db, books), DecodeError);
  EXPECT_EQ(ask("select count(*) from \"Book List\""), "0");
}

TEST_F(GeneratedClient, BatchesAndCopiesBelongToTheTransaction) {
  Pool& pool = dynamic_cast<Pool&>(db);
  auto connection = pool.acquire();
  Transaction transaction(*connection);
  const std::vector<library::AddBooksParams> books{{.id = 1, .title = "One"}};
  client.add_books(transaction, books);
  const std::vector<library::CopyMoodsParams> authors{{.name = "a"}};
  client.copy_moods(transaction, authors);
  EXPECT_EQ(client.count_authors(transaction), 1);
  transaction.rollback();
  EXPECT_EQ(client.count_authors(*connection), 0);
  EXPECT_THAT(client.books_by_ids(*connection, {1}), IsEmpty());
}

TEST_F(GeneratedClient, BatchesPrepareAgainWhatDdlHasChanged) {
  const std::vector<std::int32_t> ids{1, 2};
  client.book_by_id(db, ids);
  db.execute("drop view titles");
  db.execute("alter table \"Book List\" alter title type text");
  EXPECT_THAT(client.book_by_id(db, ids), ElementsAre(std::nullopt, std::nullopt));
  db.execute("deallocate all");
  EXPECT_THAT(client.book_by_id(db, ids), ElementsAre(std::nullopt, std::nullopt));
}

TEST_F(GeneratedClient, BatchesAndCopiesEndAtTheirDeadline) {
  db.execute(
      "create function slow() returns trigger language plpgsql as "
      "'begin perform pg_sleep(600); return new; end'");
  db.execute(
      "create trigger slow before insert on \"Book List\" for each row "
      "execute function slow()");
  db.execute("create trigger slow before insert on authors for each row execute function slow()");
  const auto soon = [] { return CallOptions{Clock::now() + std::chrono::milliseconds(50)}; };
  const std::vector<library::AddBooksParams> books{{.id = 1, .title = "One"},
                                                   {.id = 2, .title = "Two"}};
  EXPECT_THROW(client.add_books(db, books, soon()), QueryTimeout);
  const std::vector<library::NameAuthorsParams> authors(
      2, library::NameAuthorsParams{
             .name = "n", .mood = Mood::ok, .mail = "m", .tags = {}, .settings = {}});
  EXPECT_THROW(client.name_authors(db, authors, soon()), QueryTimeout);
  EXPECT_EQ(client.count_authors(db), 0);
  EXPECT_EQ(ask("select count(*) from \"Book List\""), "0");
}

}  // namespace
}  // namespace qm::test
