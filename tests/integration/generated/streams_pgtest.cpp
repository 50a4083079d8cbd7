// Rows handed over as they arrive: in order and all, until nobody wants more, and what becomes of
// the connection when a stream ends before its statement.
#include <quartermaster/transaction.hpp>

#include "generated_client.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;

class Streams : public GeneratedClient {
 protected:
  // The connection that comes next is the one there was, and does what it is asked for.
  void expect_the_same_connection() { EXPECT_EQ(pid(), pid_); }
  int pid() { return decode_field<std::int32_t>(db.execute("select pg_backend_pid()"), 0, 0); }

  const int pid_ = pid();
};

TEST_F(Streams, GiveTheRowsOfAQueryInOrder) {
  for (const char* name : {"b", "a", "c"})
    author(name);
  std::vector<std::string> names;
  const std::int64_t taken = client.list_authors_stream(
      db, {.limit = 2, .offset = 1},
      [&](const library::AuthorView& row) { names.emplace_back(row.name()); });
  EXPECT_EQ(taken, 2);
  EXPECT_THAT(names, ElementsAre("b", "c"));
  EXPECT_EQ(client.list_authors_stream(db, {.limit = 0, .offset = 0},
                                       [](const library::AuthorView&) { FAIL(); }),
            0);
  expect_the_same_connection();
}

TEST_F(Streams, MayBeLongerThanAnyBuffer) {
  std::int64_t sum = 0;
  EXPECT_EQ(client.count_to_stream(db, 300'000, [&](std::int32_t n) { sum += n; }), 300'000);
  EXPECT_EQ(sum, std::int64_t{300'000} * 300'001 / 2);
  expect_the_same_connection();
}

TEST_F(Streams, EndWhenNoMoreIsWanted) {
  for (const int last : {3, 50'000'000}) {
    std::vector<std::int32_t> seen;
    const auto two = [&](std::int32_t n) {
      seen.push_back(n);
      return seen.size() < 2;
    };
    EXPECT_EQ(client.count_to_stream(db, last, two), 2);
    EXPECT_THAT(seen, ElementsAre(1, 2));
    expect_the_same_connection();
  }
}

TEST_F(Streams, ThatAreLeftDoNotFailTheirTransaction) {
  const auto connection = connect(url());
  Transaction transaction(*connection);
  EXPECT_EQ(client.count_to_stream(transaction, 20'000, [](std::int32_t) { return false; }), 1);
  EXPECT_THAT(client.count_to(transaction, 2), ElementsAre(1, 2));
  transaction.commit();
}

TEST_F(Streams, PassOnWhatIsThrownAtARow) {
  struct Enough {};
  const auto throws = [](std::int32_t n) {
    if (n == 3) throw Enough();
  };
  EXPECT_THROW(client.count_to_stream(db, 50'000'000, throws), Enough);
  expect_the_same_connection();
}

TEST_F(Streams, MayFailAfterSomeRows) {
  std::vector<std::int32_t> shares;
  EXPECT_THROW(
      client.shares_stream(
          db, 3, [&](const library::SharesRowView& row) { shares.push_back(row.share()); }),
      ServerError);
  EXPECT_THAT(shares, ElementsAre(33, 50, 100));
  expect_the_same_connection();
}

TEST_F(Streams, EndAtTheirDeadline) {
  const auto started = Clock::now();
  EXPECT_THROW(client.count_to_stream(db, 2'000'000'000, [](std::int32_t) {},
                                      {.deadline = started + std::chrono::milliseconds(50)}),
               QueryTimeout);
  expect_the_same_connection();
}

TEST_F(Streams, FollowAChangedTable) {
  author("ann");
  std::vector<std::string> names;
  const auto note = [&](const library::AuthorView& row) { names.emplace_back(row.name()); };
  client.list_authors_stream(db, {.limit = 1, .offset = 0}, note);
  db.execute("alter table authors add column later integer");
  db.execute("alter table authors alter column bio type varchar(500)");
  client.list_authors_stream(db, {.limit = 1, .offset = 0}, note);
  EXPECT_THAT(names, ElementsAre("ann", "ann"));
}

TEST_F(GeneratedClient, FetchesInPieces) {
  const auto connection = pool().acquire();
  Transaction transaction(*connection);
  auto cursor = client.count_to_cursor(transaction, 5);
  EXPECT_THAT(cursor.fetch(2), ElementsAre(1, 2));
  EXPECT_EQ(client.count_authors(transaction), 0);
  EXPECT_EQ(cursor.skip(1), 1);
  EXPECT_THAT(cursor.fetch(10), ElementsAre(4, 5));
  EXPECT_THAT(cursor.fetch(10), ElementsAre());
  transaction.commit();
}

}  // namespace
}  // namespace qm::test
