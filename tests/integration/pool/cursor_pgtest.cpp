// Rows fetched in pieces, and what else the transaction does meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/cursor.hpp>

#include "event_record.hpp"
#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Cursors : public testing::Test {
 protected:
  static std::string numbers(const Result& result) {
    std::string text;
    for (int row = 0; row < result.rows(); ++row)
      text += (row == 0 ? "" : " ") + std::to_string(decode_field<std::int32_t>(result, row, 0));
    return text;
  }
  ParamView limit(int value) {
    params_.emplace();
    encode_as(*params_, oids::int4, value);
    return params_->view();
  }

  const TestDatabase database;
  const std::unique_ptr<Connection> connection = connect(database.url());
  const std::unique_ptr<RegisteredQuery> count =
      registered("Count", "select i from generate_series(1, $1::int4) as i");

 private:
  std::optional<ParamBuffer<1>> params_;
};

TEST_F(Cursors, FetchInPieces) {
  Transaction transaction(*connection);
  Cursor cursor(transaction, *count, limit(7));
  EXPECT_EQ(numbers(cursor.fetch(3)), "1 2 3");
  EXPECT_EQ(column(*connection, "select 'in between'"), "in between");
  EXPECT_EQ(cursor.skip(1), 1);
  EXPECT_EQ(numbers(cursor.fetch(100)), "5 6 7");
  EXPECT_EQ(cursor.fetch(1).rows(), 0);
  EXPECT_EQ(cursor.skip(1), 0);
  cursor.close();
  cursor.close();
  EXPECT_THAT([&] { cursor.fetch(1); }, ThrowsMessage<Error>(HasSubstr("a closed one")));
  transaction.commit();
}

TEST_F(Cursors, AnyNumberAtATime) {
  Transaction transaction(*connection);
  Cursor first(transaction, *count, limit(3));
  {
    Cursor second(transaction, "select generate_series(10, 12)");
    EXPECT_EQ(numbers(first.fetch(2)), "1 2");
    EXPECT_EQ(numbers(second.fetch(2)), "10 11");
  }
  EXPECT_EQ(column(*connection, "select count(*) from pg_cursors"), "1")
      << "the second is closed with its object";
  EXPECT_EQ(numbers(first.fetch(2)), "3");
}

TEST_F(Cursors, SendParametersAndReadTextResults) {
  const auto query = registered("Points", "select point(i, $1::int4) from generate_series(1, 2) i");
  query->text_results = true;
  Transaction transaction(*connection);
  Cursor cursor(transaction, *query, limit(5));
  EXPECT_EQ(decode_field<std::string>(cursor.fetch(2), 1, 0), "(2,5)");
}

TEST_F(Cursors, EndWithTheirTransaction) {
  {
    Transaction transaction(*connection);
    const Cursor cursor(transaction, *count, limit(3));
    EXPECT_THROW(transaction.execute("select 1/0"), DataException);
  }
  EXPECT_EQ(connection->transaction_status(), Connection::TransactionStatus::idle);
  Transaction transaction(*connection);
  Cursor cursor(transaction, *count, limit(3));
  transaction.commit();
  EXPECT_THROW(cursor.fetch(1), ServerError);
}

TEST_F(Cursors, RefuseWhatIsNoSelect) {
  Transaction transaction(*connection);
  EXPECT_THROW(Cursor(transaction, "create table t ()"), SyntaxOrAccessError);
  const auto other = connect(database.url());
  Transaction fresh(*other);
  Cursor cursor(fresh, *count, limit(1));
  EXPECT_THAT([&] { cursor.fetch(0); }, ThrowsMessage<Error>(HasSubstr("1 row or more")));
}

TEST_F(Cursors, GoByTheNameOfTheirQuery) {
  const auto events = std::make_shared<EventRecord>();
  const auto observed = Connection::open({.url = database.url()}, Clock::now() + 10s, events);
  Transaction transaction(*observed);
  Cursor cursor(transaction, *count, limit(5));
  cursor.fetch(5);
  EXPECT_THAT(events->take(), Contains("execute test.Count 5"));
}

}  // namespace
}  // namespace qm::test
