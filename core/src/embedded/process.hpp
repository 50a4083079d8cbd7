// Child processes without a shell: run one to its end with its output, or run one below a keeper
// that ends it when this process is gone. Only async-signal-safe calls between fork and exec,
// because other threads may be running.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "embedded/account.hpp"

namespace qm::embedded {

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  Account account;               // who runs it
  std::filesystem::path output;  // standard output and error are appended here; empty: captured
};

struct Outcome {
  int exit_code = 0;   // 128 + n for signal n
  std::string output;  // captured, when Command::output is empty
};

Outcome run_to_end(const Command& command);

// A child that outlives nobody: the keeper (a fork of ours in its own session, so that a
// terminal's Ctrl-C passes it by) starts the program and waits for it; when this process ends,
// however it ends, it stops the program and deletes `delete_after`.
class KeptProcess {
 public:
  KeptProcess() = default;
  KeptProcess(const Command& command, const std::filesystem::path& delete_after);
  KeptProcess(KeptProcess&& other) noexcept;
  KeptProcess& operator=(KeptProcess&& other) noexcept;
  ~KeptProcess();  // lets go: the keeper ends the program

  // True when it has ended within `patience`.
  bool wait_for_end(std::chrono::milliseconds patience);
  bool running() const noexcept { return keeper_ > 0; }
  // The program goes on when this process ends.
  void detach() noexcept;

 private:
  pid_t keeper_ = -1;
  int lifeline_ = -1;  // the keeper sees its other end close
};

// True when the process has ended (or never was) within `patience`. For processes that are not our
// children.
bool wait_for_exit(pid_t pid, std::chrono::milliseconds patience);

}  // namespace qm::embedded
