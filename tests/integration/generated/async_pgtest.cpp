// The async_ methods of a typed client: one for each kind of query, with the results and errors of
// the blocking method beside it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <quartermaster/async_transaction.hpp>

#include "generated_client.hpp"

namespace qm::test {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using library::Mood;
using testing::ElementsAre;
using testing::IsEmpty;

class AsyncClient : public GeneratedClient {
 protected:
  // Runs the coroutine to its end; gives what it gives, or throws.
  template <class T>
  T run(awaitable<T> coroutine) {
    auto future = asio::co_spawn(io, std::move(coroutine), asio::use_future);
    io.restart();
    io.run();
    return future.get();
  }

  asio::io_context io;
  const AsyncExecutor on{pool(), io.get_executor()};
};

TEST_F(AsyncClient, HasEveryKindOfQuery) {
  const auto all = [&]() -> awaitable<void> {
    EXPECT_EQ(co_await client.async_count_authors(on, use_awaitable), 0);
    EXPECT_EQ(co_await client.async_get_author(on, 1, use_awaitable), std::nullopt);
    const library::CreateAuthorParams new_author{.name = "Ann", .mood = Mood::sad};
    const library::Author ann = co_await client.async_create_author(on, new_author, use_awaitable);
    EXPECT_EQ(co_await client.async_get_author(on, ann.id, use_awaitable), ann);
    const library::ListAuthorsParams page{.limit = 10, .offset = 0};
    EXPECT_THAT(co_await client.async_list_authors(on, page, use_awaitable), ElementsAre(ann));
    const auto rows = co_await client.async_list_authors_view(on, page, use_awaitable);
    EXPECT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].name(), "Ann");
    std::vector<std::string> streamed;
    const std::int64_t taken = co_await client.async_list_authors_stream(
        on, page, [&](const library::AuthorView& row) { streamed.emplace_back(row.name()); },
        use_awaitable);
    EXPECT_EQ(taken, 1);
    EXPECT_THAT(streamed, ElementsAre("Ann"));
    const library::RenameAuthorParams rename{.id = ann.id, .name = "Anna"};
    const Result renamed = co_await client.async_rename_author(on, rename, use_awaitable);
    EXPECT_EQ(renamed.command_tag(), "UPDATE 1");
    const std::vector<std::string> names{"Anna", "nobody"};
    EXPECT_EQ(co_await client.async_delete_authors(on, names, use_awaitable), 1);
  };
  run(all());
}

TEST_F(AsyncClient, WritesManyRows) {
  const std::vector<library::NameAuthorsParams> rows{
      {.name = "Ann", .mood = Mood::ok, .mail = "a", .tags = {}, .settings = Json{"{}"}},
      {.name = "Bea", .mood = Mood::ok, .mail = "b", .tags = {}, .settings = Json{"{}"}}};
  const std::vector<library::CopyMoodsParams> moods{{.name = "Cy"}};
  const auto work = [&]() -> awaitable<void> {
    EXPECT_EQ(co_await client.async_name_authors(on, rows, use_awaitable), 2);
    EXPECT_EQ(co_await client.async_copy_moods(on, moods, use_awaitable), 1);
    const std::span<const library::CopyMoodsParams> none;
    EXPECT_EQ(co_await client.async_copy_moods(on, none, use_awaitable), 0);
    EXPECT_EQ(co_await client.async_count_authors(on, use_awaitable), 3);
  };
  run(work());
}

TEST_F(AsyncClient, ThrowsWhatTheBlockingMethodThrows) {
  std::vector<library::NameAuthorsParams> rows(
      2, {.name = "n", .mood = Mood::ok, .mail = "same", .tags = {}, .settings = Json{"{}"}});
  const auto write = [&]() -> awaitable<void> {
    co_await client.async_name_authors(on, rows, use_awaitable);
  };
  EXPECT_THROW(run(write()), UniqueViolation);
  rows[1].name = std::string_view("a\0b", 3);
  EXPECT_THROW(run(write()), DecodeError);
  const auto stream = [&]() -> awaitable<void> {
    co_await client.async_count_to_stream(
        on, 5,
        [](std::int32_t n) {
          if (n == 3) throw std::out_of_range("3");
        },
        use_awaitable);
  };
  EXPECT_THROW(run(stream()), std::out_of_range);
  EXPECT_EQ(client.count_authors(db), 0) << "and the connection goes on";
}

TEST_F(AsyncClient, LeavesAStreamWhenNoMoreIsWanted) {
  for (const int last : {3, 50'000'000}) {
    std::vector<std::int32_t> seen;
    const auto work = [&]() -> awaitable<std::int64_t> {
      co_return co_await client.async_count_to_stream(
          on, last,
          [&](std::int32_t n) {
            seen.push_back(n);
            return seen.size() < 2;
          },
          use_awaitable);
    };
    EXPECT_EQ(run(work()), 2);
    EXPECT_THAT(seen, ElementsAre(1, 2));
  }
}

TEST_F(AsyncClient, HasBatches) {
  const auto ann = author("ann");
  const std::vector<library::AddBooksParams> books{{.id = 1, .author_id = ann, .title = "One"},
                                                   {.id = 2, .author_id = ann, .title = "Two"}};
  const std::vector<std::int32_t> ids{2, 9};
  const std::vector<std::int64_t> authors{ann, 77};
  const std::vector<library::AddBookParams> more{{.id = 4, .title = "Four"}};
  const auto work = [&]() -> awaitable<void> {
    co_await client.async_add_books(on, books, use_awaitable);
    const auto found = co_await client.async_book_by_id(on, ids, use_awaitable);
    EXPECT_EQ(found.size(), 2U);
    EXPECT_EQ(found.at(0).value().title, "Two");
    EXPECT_EQ(found.at(1), std::nullopt);
    const auto lists = co_await client.async_books_of(on, authors, use_awaitable);
    EXPECT_EQ(lists.at(0).size(), 2U);
    EXPECT_THAT(lists.at(1), IsEmpty());
    const auto added = co_await client.async_add_book(on, more, use_awaitable);
    EXPECT_EQ(added.at(0).title, "Four");
  };
  run(work());
}

TEST_F(AsyncClient, RunsInATransaction) {
  const auto work = [&](const AsyncTransaction& transaction) -> awaitable<std::int64_t> {
    const library::CreateAuthorParams new_author{.name = "Ann", .mood = Mood::sad};
    const auto ann = co_await client.async_create_author(transaction, new_author, use_awaitable);
    co_return ann.id;
  };
  const std::int64_t id = run(async_transact(on, work));
  EXPECT_TRUE(client.get_author(db, id));
}

}  // namespace
}  // namespace qm::test
