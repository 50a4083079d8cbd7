// Data for COPY from stdin, given piece by piece.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "pools.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::ThrowsMessage;

class CopyIn : public testing::Test {
 protected:
  CopyIn() { connection->execute("create table t (a int, b text)"); }
  std::string ask(const std::string& sql) { return column(*connection, sql); }
  int pid() { return connection->backend_pid(); }

  const TestDatabase database_;
  const std::unique_ptr<Connection> connection = connect(database_.url());
  const int pid_ = pid();
};

TEST_F(CopyIn, TakesPiecesOfAnySize) {
  const std::vector<std::string> pieces{"1,o", "ne\n2,", "\"t\nw", "o\"\n", "3,three"};
  std::size_t next = 0;
  EXPECT_EQ(connection->copy_in("copy t from stdin (format csv)",
                                [&]() -> std::string_view {
                                  return next < pieces.size() ? pieces[next++] : std::string_view();
                                }),
            3);
  EXPECT_EQ(ask("select string_agg(b, '|' order by a) from t"), "one|t\nwo|three");
}

TEST_F(CopyIn, MayBeLongerThanAnyBuffer) {
  const std::string line = "7\t" + std::string(999, 'x') + "\n";
  int left = 50'000;
  EXPECT_EQ(connection->copy_in(
                "copy t from stdin",
                [&]() -> std::string_view { return left-- > 0 ? line : std::string_view(); }),
            50'000);
  EXPECT_EQ(ask("select sum(length(b)) from t"), "49950000");
}

TEST_F(CopyIn, OfNothingWritesNothing) {
  EXPECT_EQ(connection->copy_in("copy t from stdin", [] { return std::string_view(); }), 0);
}

TEST_F(CopyIn, WritesNothingWhenItsSourceThrows) {
  int pieces = 0;
  const auto next = [&]() -> std::string_view {
    if (++pieces == 100) throw std::runtime_error("the file ends");
    return "1\tone\n";
  };
  EXPECT_THROW(connection->copy_in("copy t from stdin", next), std::runtime_error);
  EXPECT_EQ(ask("select count(*) from t"), "0");
  EXPECT_EQ(pid(), pid_);
}

TEST_F(CopyIn, SaysWhatTheServerDoesNotLike) {
  int left = 3;
  const auto next = [&]() -> std::string_view { return left-- > 0 ? "one\ttwo\n" : ""; };
  EXPECT_THROW(connection->copy_in("copy t from stdin", next, {}, "load"), DataException);
  EXPECT_THROW(connection->copy_in("copy nowhere from stdin", next), SyntaxOrAccessError);
  EXPECT_EQ(ask("select count(*) from t"), "0");
}

TEST_F(CopyIn, IsForCopyFromStdinAlone) {
  const auto next = [] { return std::string_view(); };
  const auto refused =
      ThrowsMessage<ProtocolError>(HasSubstr("the statement is no copy from stdin"));
  EXPECT_THAT([&] { connection->copy_in("select 1", next); }, refused);
  EXPECT_THAT([&] { connection->copy_in("create table u ()", next); }, refused);
  EXPECT_THAT([&] { connection->copy_in("", next); }, refused);
  EXPECT_EQ(ask("select 'usable'"), "usable");
  EXPECT_THAT([&] { connection->copy_in("copy t to stdout", next); }, refused);
  EXPECT_TRUE(connection->is_broken());
}

TEST_F(CopyIn, EndsAtItsDeadline) {
  const auto endless = []() -> std::string_view { return "1\tone\n"; };
  EXPECT_THROW(connection->copy_in("copy t from stdin", endless, {Clock::now() + 100ms}),
               QueryTimeout);
  EXPECT_EQ(column(*connect(database_.url()), "select count(*) from t"), "0");
}

}  // namespace
}  // namespace qm::test
