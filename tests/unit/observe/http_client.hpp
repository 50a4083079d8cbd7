// A socket that says exactly what a test wants said, well-formed or not.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace qm::observe::test {

class HttpClient {
 public:
  // Of a url() on 127.0.0.1. Reading gives up after 20 s, so that a test fails rather than hangs.
  explicit HttpClient(const std::string& url) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    const timeval limit{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      ::close(fd_);
      throw std::runtime_error("connect to " + url);
    }
  }
  HttpClient(HttpClient&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  HttpClient& operator=(HttpClient&&) = delete;
  ~HttpClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  // False when the server has closed the connection.
  bool send(std::string_view text) const {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  // Until the server closes.
  std::string read_all() {
    while (read_some()) {
    }
    return std::exchange(received_, {});
  }

  // One answer: its header, and as much body as that announces.
  std::string read_answer(bool has_body = true) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_some()) return "closed after: " + received_;
    }
    std::size_t size = end + 4;
    constexpr std::string_view length = "Content-Length: ";
    const std::size_t at = received_.find(length);
    if (has_body && at < end) size += std::stoul(received_.substr(at + length.size()));
    while (received_.size() < size) {
      if (!read_some()) return "closed after: " + received_;
    }
    std::string answer = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
  }

 private:
  bool read_some() {
    char buffer[4096];
    const auto size = ::recv(fd_, buffer, sizeof(buffer), 0);
    if (size < 0 && errno == EAGAIN) {
      throw std::runtime_error("no answer within 20 s");
    }
    if (size <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  int fd_;
  std::string received_;
};

}  // namespace qm::observe::test
