// A server that goes on talking and never comes to an end: there is always something to read, and
// deadlines hold all the same. No server can be made to do so; this one is a few lines.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <string>
#include <thread>

#include "scratch_directory.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0})
    bytes += static_cast<char>((value >> shift) & 0xFFU);
  return bytes;
}

std::string message(char type, const std::string& body) {
  return type + big_endian(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

// Lets everybody in, and answers the first request with notices for ever.
class FloodingServer {
 public:
  FloodingServer() : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (directory_.path() / ".s.PGSQL.5432").string().copy(address.sun_path, 107);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 5), 0);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~FloodingServer() {
    stop_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& session : sessions_)
      session.join();
    ::close(listener_);
  }
  FloodingServer(const FloodingServer&) = delete;
  FloodingServer& operator=(const FloodingServer&) = delete;

  std::string url() const { return "host='" + directory_.path().string() + "' user=u dbname=d"; }

 private:
  void accept_all() {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      sessions_.emplace_back([this, client] {
        serve(client);
        ::close(client);
      });
    }
  }

  void serve(int client) {
    const auto send = [&](const std::string& bytes) {
      return ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    };
    std::array<char, 4096> request{};
    const auto size = ::recv(client, request.data(), request.size(), 0);
    constexpr auto cancel_request_size = 16;
    if (size <= cancel_request_size) return;
    send(message('R', big_endian(0)) + message('K', big_endian(1) + big_endian(2)) +
         message('Z', "I"));
    if (::recv(client, request.data(), request.size(), 0) <= 0) return;
    const std::string field_end(1, '\0');
    const std::string notice = message(
        'N', "SNOTICE" + field_end + "C00000" + field_end + "Mmore" + field_end + field_end);
    std::string notices;
    while (notices.size() < 60000)
      notices += notice;
    // Not for ever, so that a client that does read on can fail its test.
    const auto end = Clock::now() + 20s;
    while (!stop_ && Clock::now() < end && send(notices)) {
    }
  }

  ScratchDirectory directory_;
  int listener_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> sessions_;
  std::thread acceptor_;
};

TEST(FloodFault, DeadlineHoldsThoughThereIsAlwaysSomethingToRead) {
  const FloodingServer server;
  const auto connection = Connection::open({.url = server.url()}, Clock::now() + 10s);
  const auto began = Clock::now();
  EXPECT_THROW(connection->execute("select 1", {}, {began + 20ms}), QueryTimeout);
  EXPECT_LT(Clock::now() - began, 10s);
  EXPECT_TRUE(connection->is_broken()) << "what is left of the answer cannot be read in time";
}

}  // namespace
}  // namespace qm::test
