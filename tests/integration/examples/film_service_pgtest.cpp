// The example of a coroutine service: run as a process of its own, asked over TCP by several
// clients at once, stopped by a signal.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <quartermaster/connection.hpp>
#include <string>
#include <vector>

#include "test_database.hpp"

namespace {

class Service {
 public:
  Service() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string path = EXAMPLE_FILM_SERVICE;
    std::array<char*, 2> arguments{path.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::string line;
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';)
      line += c;
    close(ends[0]);
    EXPECT_THAT(line, testing::StartsWith("port "));
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(5)));
  }
  ~Service() {
    if (pid_ > 0) stop();
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  int stop() {
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }
  std::uint16_t port() const { return port_; }

 private:
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void ask(const std::string& words) {
    const std::string line = words + '\n';
    EXPECT_EQ(send(socket_, line.data(), line.size(), 0), static_cast<ssize_t>(line.size()));
  }
  // Without the empty line at its end.
  std::string answer() {
    std::string text;
    for (char c = 0; recv(socket_, &c, 1, 0) == 1;) {
      text += c;
      if (text == "\n" || text.ends_with("\n\n")) return text.substr(0, text.size() - 1);
    }
    return text + " (closed)";
  }

 private:
  int socket_;
};

TEST(FilmService, AnswersManyClientsAndStops) {
  const qm::test::TestDatabase database;
  setenv("QUARTERMASTER_DATABASE_URL", database.url().c_str(), 1);
  setenv("QUARTERMASTER_PLUGIN_PATH", PLUGIN_DIRECTORY, 1);
  ASSERT_EQ(std::system(QUARTERMASTER " migrate up > /dev/null"), 0);
  const auto deadline = qm::Clock::now() + std::chrono::seconds(30);
  qm::Connection::open({.url = database.url()}, deadline)
      ->execute_script("insert into movie.movies (title) values ('Heat'), ('Heat 2'), ('Ran')");

  Service service;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<Client>(service.port()));
    clients.back()->ask(i % 2 == 0 ? "heat" : "ran");
  }
  for (std::size_t i = 0; i < clients.size(); ++i)
    EXPECT_EQ(clients[i]->answer(), i % 2 == 0 ? "Heat\nHeat 2\n" : "Ran\n");
  clients[0]->ask("nothing like it");
  EXPECT_EQ(clients[0]->answer(), "");
  clients[1].reset();
  clients[0]->ask("ran");
  EXPECT_EQ(clients[0]->answer(), "Ran\n");
  EXPECT_EQ(service.stop(), 0);
}

}  // namespace
