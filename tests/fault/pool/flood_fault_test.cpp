// A server that goes on talking and never comes to an end: there is always something to read, and
// deadlines hold all the same.
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>

#include "scripted_server.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

TEST(FloodFault, DeadlineHoldsThoughThereIsAlwaysSomethingToRead) {
  std::atomic<bool> over = false;
  const ScriptedServer server([&](const ScriptedServer::Send& send) {
    const std::string field_end(1, '\0');
    const std::string notice = message(
        'N', "SNOTICE" + field_end + "C00000" + field_end + "Mmore" + field_end + field_end);
    std::string notices;
    while (notices.size() < 60000)
      notices += notice;
    // Not for ever, so that a client that does read on can fail its test.
    const auto end = Clock::now() + 20s;
    while (!over && Clock::now() < end && send(notices)) {
    }
  });
  const auto connection = Connection::open({.url = server.url()}, Clock::now() + 10s);
  const auto began = Clock::now();
  EXPECT_THROW(connection->execute("select 1", {}, {began + 20ms}), QueryTimeout);
  EXPECT_LT(Clock::now() - began, 10s);
  EXPECT_TRUE(connection->is_broken()) << "what is left of the answer cannot be read in time";
  over = true;
}

}  // namespace
}  // namespace qm::test
