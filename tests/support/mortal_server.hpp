// A server of a test's own that is killed and comes back. With durability, as in production.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <quartermaster/embedded.hpp>
#include <string>
#include <vector>

#include "becomes_true.hpp"
#include "scratch_directory.hpp"

namespace qm::test {

class MortalServer {
 public:
  explicit MortalServer(std::map<std::string, std::string> settings = {})
      : settings_(std::move(settings)) {
    // The server's user makes its directories here.
    ScratchDirectory::set_mode(directory_.path(), 0777);
    start();
  }

  std::string url(const std::string& database = "postgres") const { return server_->url(database); }

  // The postmaster only: its children find out.
  void kill_postmaster() { EXPECT_EQ(::kill(server_->pid(), SIGKILL), 0); }
  // All at once, as a power failure does.
  void kill_all() {
    const std::vector<pid_t> children = children_of(server_->pid());
    kill_postmaster();
    for (const pid_t child : children)
      ::kill(child, SIGKILL);
  }
  // Refused as long as a backend of the killed server is there.
  void restart() {
    server_.reset();
    EXPECT_TRUE(becomes_true([&] {
      try {
        start();
        return true;
      } catch (const EmbeddedError&) {
        return false;
      }
    }));
  }

 private:
  static std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream in(entry.path() / "stat");
      std::string text;
      std::getline(in, text, '\0');
      // "pid (name) state ppid ...": a name may have blanks and parentheses.
      const std::size_t end = text.rfind(')');
      if (end == std::string::npos) continue;
      if (std::stoi(text.substr(end + 4)) == parent) children.push_back(std::stoi(text));
    }
    return children;
  }
  void start() {
    server_.emplace(embedded::Server::start({.data_dir = directory_.path() / "data",
                                             .socket_dir = directory_.path() / "s",
                                             .settings = settings_}));
  }

  const ScratchDirectory directory_;
  const std::map<std::string, std::string> settings_;
  std::optional<embedded::Server> server_;
};

}  // namespace qm::test
