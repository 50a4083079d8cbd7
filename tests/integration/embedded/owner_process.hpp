// Another process that owns an embedded server, and what can be seen of processes from outside.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>

#include "embedded/process.hpp"

namespace qm::test {

// A line of /proc/PID/status: "PPid", "Uid" (real, effective, saved, file system).
inline std::string process_status(pid_t pid, const std::string& name) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return {};
}

// The keeper that stands between an owner and its server.
inline pid_t parent_of(pid_t pid) {
  const std::string text = process_status(pid, "PPid");
  return text.empty() ? 0 : static_cast<pid_t>(std::stol(text));
}

// Also true for one that its parent has yet to ask for its status.
inline bool has_ended(pid_t pid) {
  return embedded::wait_for_exit(pid, std::chrono::milliseconds{0});
}

// The files in /dev/shm that a process has mapped.
inline std::set<std::string> shared_memory_files(pid_t pid) {
  std::set<std::string> files;
  std::ifstream maps(fmt::format("/proc/{}/maps", pid));
  for (std::string line; std::getline(maps, line);) {
    if (const auto at = line.find("/dev/shm/"); at != std::string::npos) {
      files.insert(line.substr(at));
    }
  }
  return files;
}

class OwnerProcess {
 public:
  OwnerProcess(std::string data, std::string cache, std::string mode = "attached") {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "pipe");
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::string program = SERVER_OWNER;
    std::array<char*, 5> arguments{program.data(), data.data(), cache.data(), mode.data(), nullptr};
    const int error =
        ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
    if (error != 0) throw std::system_error(error, std::generic_category(), program);
  }
  OwnerProcess(const OwnerProcess&) = delete;
  OwnerProcess& operator=(const OwnerProcess&) = delete;
  ~OwnerProcess() {
    end();
    ::close(out_);
  }

  // Waits for its server. Everything it says is the message when that cannot be had.
  void read_server() {
    std::array<char, 1024> buffer{};
    while (std::count(said_.begin(), said_.end(), '\n') < 3) {
      const ssize_t size = ::read(out_, buffer.data(), buffer.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) break;
      said_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    std::istringstream lines(said_);
    std::string pid;
    std::string directory;
    ASSERT_TRUE(std::getline(lines, url) && std::getline(lines, pid) &&
                std::getline(lines, directory))
        << said_;
    postmaster = static_cast<pid_t>(std::stol(pid));
    data_dir = directory;
  }

  // Gives back the wait status of the process.
  int end() {
    if (in_ >= 0) ::close(in_);
    in_ = -1;
    return wait();
  }
  int kill() {
    ::kill(pid_, SIGKILL);
    return wait();
  }

  std::string url;
  pid_t postmaster = 0;
  std::filesystem::path data_dir;

 private:
  int wait() {
    int status = 0;
    if (pid_ < 0) return status;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string said_;
};

}  // namespace qm::test
