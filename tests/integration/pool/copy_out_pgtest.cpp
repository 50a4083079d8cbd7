// The data of COPY to stdout, handed over as it arrives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pools.hpp"

namespace qm::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class CopyOut : public testing::Test {
 protected:
  int pid() {
    return decode_field<std::int32_t>(connection->execute("select pg_backend_pid()"), 0, 0);
  }

  const TestDatabase database_;
  const std::unique_ptr<Connection> connection = connect(database_.url());
  const int pid_ = pid();
};

TEST_F(CopyOut, HandsOverLineByLine) {
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view data) {
    lines.emplace_back(data);
    return true;
  };
  EXPECT_EQ(connection->copy_out(
                "copy (values (1, 'a,b'), (2, null)) to stdout (format csv, header)", keep),
            2);
  EXPECT_THAT(lines, ElementsAre("column1,column2\n", "1,\"a,b\"\n", "2,\n"));
  EXPECT_EQ(pid(), pid_);
}

TEST_F(CopyOut, MayBeLongerThanAnyBuffer) {
  std::size_t bytes = 0;
  EXPECT_EQ(connection->copy_out(
                "copy (select repeat('x', 999) from generate_series(1, 50000)) to stdout",
                [&](std::string_view data) {
                  bytes += data.size();
                  return true;
                }),
            50'000);
  EXPECT_EQ(bytes, 50'000'000U);
}

TEST_F(CopyOut, EndsWhenNoMoreIsWantedOrASinkThrows) {
  const std::string endless = "copy (select * from generate_series(1, 50000000)) to stdout";
  std::vector<std::string> lines;
  EXPECT_EQ(connection->copy_out(endless,
                                 [&](std::string_view data) {
                                   lines.emplace_back(data);
                                   return lines.size() < 2;
                                 }),
            0);
  EXPECT_THAT(lines, ElementsAre("1\n", "2\n"));
  EXPECT_EQ(pid(), pid_);
  struct Full {};
  EXPECT_THROW(connection->copy_out(endless, [](std::string_view) -> bool { throw Full(); }), Full);
  EXPECT_EQ(pid(), pid_);
}

TEST_F(CopyOut, PassesOnWhatTheServerSays) {
  const auto keep = [](std::string_view) { return true; };
  EXPECT_THROW(connection->copy_out("copy nowhere to stdout", keep), SyntaxOrAccessError);
  EXPECT_THROW(connection->copy_out("copy (select 1 / (5 - n) from generate_series(1, 9) as n) "
                                    "to stdout",
                                    keep),
               ServerError);
  EXPECT_EQ(pid(), pid_);
  EXPECT_THAT([&] { connection->execute("copy (select 1) to stdout"); },
              ThrowsMessage<ProtocolError>(HasSubstr("gives no rows to a plain statement")));
  EXPECT_EQ(pid(), pid_);
}

TEST_F(CopyOut, EndsAtItsDeadline) {
  EXPECT_THROW(connection->copy_out("copy (select * from generate_series(1, 2000000000)) to stdout",
                                    [](std::string_view) { return true; },
                                    {.deadline = Clock::now() + std::chrono::milliseconds(50)}),
               QueryTimeout);
  EXPECT_EQ(pid(), pid_);
}

}  // namespace
}  // namespace qm::test
