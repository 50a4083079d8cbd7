// A server of a few lines for answers that no real one can be made to give: lets everybody in, and
// does with the first request what its script says. Speaks PostgreSQL's protocol 3.0 as far as that
// takes ("Message Formats").
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

namespace qm::test {

inline std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0})
    bytes += static_cast<char>((value >> shift) & 0xFFU);
  return bytes;
}

inline std::string message(char type, const std::string& body) {
  return type + big_endian(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

class ScriptedServer {
 public:
  using Send = std::function<bool(const std::string& bytes)>;
  using Script = std::function<void(const Send& send)>;

  // `greeting` is the answer to the startup; the script runs on the session's thread, and its end
  // closes the session.
  explicit ScriptedServer(Script script, std::string greeting = welcome())
      : script_(std::move(script)),
        greeting_(std::move(greeting)),
        listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (directory_.path() / ".s.PGSQL.5432").string().copy(address.sun_path, 107);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 50), 0);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~ScriptedServer() {
    stop_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& session : sessions_)
      session.join();
    ::close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url() const { return "host='" + directory_.path().string() + "' user=u dbname=d"; }
  bool is_stopping() const noexcept { return stop_; }

  // AuthenticationOk, BackendKeyData, ReadyForQuery.
  static std::string welcome() {
    return message('R', big_endian(0)) + message('K', big_endian(1) + big_endian(2)) +
           message('Z', "I");
  }

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
    send(greeting_);
    if (::recv(client, request.data(), request.size(), 0) <= 0) return;
    script_(send);
  }

  const Script script_;
  const std::string greeting_;
  ScratchDirectory directory_;
  int listener_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> sessions_;
  std::thread acceptor_;
};

}  // namespace qm::test
