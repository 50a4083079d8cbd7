// See proxy.hpp.
#include "proxy.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>

#include "pool/conninfo.hpp"

namespace qm::test {
namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  path.copy(address.sun_path, path.size());
  return address;
}

int unix_socket() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::runtime_error("socket");
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Empty at the end.
std::string receive(int fd) {
  std::array<char, 65536> buffer{};
  const auto size = ::recv(fd, buffer.data(), buffer.size(), 0);
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

}  // namespace

Proxy::Proxy(const std::string& url) {
  auto params = pool::Conninfo::parse(url, "test").attempts.at(0);
  params.set_default("port", "5432");
  server_path_ = params.get("host") + "/.s.PGSQL." + params.get("port");
  const auto path = directory_.path() / ".s.PGSQL.5432";
  url_ = "host='" + directory_.path().string() + "' port=5432 user='" + params.get("user") +
         "' dbname='" + params.get("dbname") + "'";
  listener_ = unix_socket();
  const sockaddr_un address = address_of(path.string());
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 16) != 0) {
    throw std::runtime_error("listen " + path.string());
  }
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  acceptor_ = std::thread([this] { accept_all(); });
}

Proxy::~Proxy() {
  ::eventfd_write(stop_, 1);
  acceptor_.join();
  for (auto& connection : connections_)
    connection.join();
  ::close(listener_);
  ::close(stop_);
}

void Proxy::arm(std::string text, Fault fault) {
  text_ = std::move(text);
  armed_ = fault;
}

void Proxy::accept_all() {
  for (;;) {
    std::array<pollfd, 2> polled{pollfd{listener_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
    ::poll(polled.data(), polled.size(), -1);
    if (polled[1].revents != 0) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) connections_.emplace_back([this, client] { serve(client); });
  }
}

void Proxy::serve(int client) {
  const int server = unix_socket();
  const sockaddr_un address = address_of(server_path_);
  Fault due = Fault::none;
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    for (;;) {
      // In silence only the end is waited for.
      const short events = silent_ ? 0 : POLLIN;
      std::array<pollfd, 3> polled{pollfd{client, events, 0}, pollfd{server, events, 0},
                                   pollfd{stop_, POLLIN, 0}};
      ::poll(polled.data(), polled.size(), silent_ ? -1 : 20);
      if (polled[2].revents != 0) break;
      if (silent_) {
        if (polled[0].revents != 0) break;
        continue;
      }
      if (polled[0].revents != 0) {
        const Fault armed = armed_;
        if (!pass_request(client, server)) break;
        if (armed != armed_) due = armed;
      }
      if (polled[1].revents != 0 && !silent_ && !pass_answer(client, server, due)) break;
    }
  }
  ::close(client);
  ::close(server);
}

bool Proxy::pass_request(int client, int server) {
  const std::string request = receive(client);
  if (request.empty()) return false;
  const Fault fault = armed_;
  if (fault != Fault::none && request.find(text_) != std::string::npos) {
    armed_ = Fault::none;
    silent_ = fault == Fault::silence;
    struck_ = true;
    if (fault == Fault::lose_request) return false;
    if (fault == Fault::silence) return true;
  }
  return send_all(server, request);
}

bool Proxy::pass_answer(int client, int server, Fault& due) {
  const std::string answer = receive(server);
  if (answer.empty()) return false;
  if (due == Fault::lose_answer) return false;
  if (due == Fault::cut_answer) {
    send_all(client, std::string_view(answer).substr(0, answer.size() / 2));
    return false;
  }
  return send_all(client, answer);
}

}  // namespace qm::test
