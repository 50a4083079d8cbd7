#include "embedded/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <quartermaster/error.hpp>
#include <string_view>
#include <system_error>
#include <utility>

namespace qm::embedded {
namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::filesystem::path& program, const char* what) {
  const int error = errno;
  throw EmbeddedError(
      {.object = program.string(),
       .problem = std::string(what) + ": " + std::generic_category().message(error)});
}

// Everything a child needs, made before the fork: allocation is not safe after it.
class Launch {
 public:
  explicit Launch(const Command& command) : program_(command.program.string()) {
    arguments_.push_back(program_);
    arguments_.insert(arguments_.end(), command.arguments.begin(), command.arguments.end());
    for (std::string& argument : arguments_)
      argv_.push_back(argument.data());
    argv_.push_back(nullptr);
    for (std::string& variable : environment_)
      envp_.push_back(variable.data());
    envp_.push_back(nullptr);
  }

  // In the child: never returns.
  [[noreturn]] void run(const Account& account, int output) const noexcept {
    const int null = ::open("/dev/null", O_RDONLY);
    if (null < 0 || ::dup2(null, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 ||
        ::dup2(output, STDERR_FILENO) < 0) {
      ::_exit(126);
    }
    reset_signals();
    // Also the current directory must be one that the account may be in.
    if (!become(account) || ::chdir("/") != 0) {
      give_up(126, "the account that PostgreSQL is to run under could not be taken on");
    }
    ::umask(0077);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    ::execve(program_.c_str(), argv_.data(), envp_.data());
    give_up(127, "it cannot be executed");
  }

 private:
  // The only place left to say it is the program's own output.
  [[noreturn]] static void give_up(int exit_code, std::string_view reason) noexcept {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, reason.data(), reason.size());
    ::_exit(exit_code);
  }

  static void reset_signals() noexcept {
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT, SIGCHLD}) {
      ::signal(number, SIG_DFL);
    }
  }

  std::string program_;
  std::vector<std::string> arguments_;
  // A clean environment: PG* variables and locale of the caller would change what the server does.
  std::vector<std::string> environment_{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent",
                                        "TZ=UTC"};
  std::vector<char*> argv_;
  std::vector<char*> envp_;
};

int decode_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Polls a descriptor until it is readable; false when time is over.
bool wait_readable(int fd, SteadyClock::time_point deadline) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
    pollfd descriptor{fd, POLLIN, 0};
    const int ready =
        ::poll(&descriptor, 1, static_cast<int>(std::max<std::int64_t>(left.count() + 1, 0)));
    if (ready > 0) return true;
    if (ready == 0 || (errno != EINTR)) return false;
  }
}

}  // namespace

Outcome run_to_end(const Command& command) {
  const Launch launch(command);
  std::array<int, 2> pipe{-1, -1};
  int output = -1;
  if (command.output.empty()) {
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail(command.program, "no pipe");
    output = pipe[1];
  } else {
    output = ::open(command.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (output < 0) fail(command.output, "cannot be written");
  }
  const pid_t child = ::fork();
  if (child == 0) launch.run(command.account, output);
  const int fork_error = errno;
  ::close(output);
  Outcome outcome;
  if (pipe[0] >= 0) {
    std::array<char, 4096> buffer{};
    while (child > 0) {
      const ssize_t count = ::read(pipe[0], buffer.data(), buffer.size());
      if (count > 0) outcome.output.append(buffer.data(), static_cast<std::size_t>(count));
      if (count == 0 || (count < 0 && errno != EINTR)) break;
    }
    ::close(pipe[0]);
  }
  if (child < 0) {
    errno = fork_error;
    fail(command.program, "no process");
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.exit_code = decode_status(status);
  return outcome;
}

namespace {

// The keeper's life; async-signal-safe calls only.
[[noreturn]] void keep(const Launch& launch, const Account& account, int output, int lifeline,
                       const char* delete_after) noexcept {
  ::setsid();
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGCHLD, SIG_DFL);
  // The name in a process list.
  ::prctl(PR_SET_NAME, "qm-keeper");
  const pid_t program = ::fork();
  if (program == 0) launch.run(account, output);
  // Only the lifeline stays open: sockets and files of our parent are not ours to hold.
  if (lifeline != 3) {
    ::dup2(lifeline, 3);
    lifeline = 3;
  }
  ::syscall(SYS_close_range, 4U, ~0U, 0U);
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  int status = 0;
  const int ended = static_cast<int>(::syscall(SYS_pidfd_open, program, 0U));
  std::array<pollfd, 2> watched{pollfd{lifeline, POLLIN, 0}, pollfd{ended, POLLIN, 0}};
  bool detached = false;
  while (::waitpid(program, &status, WNOHANG) == 0) {
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents == 0) continue;
    char word = 0;
    if (!detached && ::read(lifeline, &word, 1) == 1) {
      detached = true;
      watched[0].fd = -1;  // poll ignores it from now on
      continue;
    }
    // Our owner is gone. SIGQUIT is PostgreSQL's immediate shutdown: it takes its children along.
    ::kill(program, SIGQUIT);
    pollfd end{ended, POLLIN, 0};
    if (::poll(&end, 1, 5000) == 0) ::kill(program, SIGKILL);
    ::waitpid(program, &status, 0);
    break;
  }
  if (*delete_after != '\0') {
    const pid_t remove = ::fork();
    if (remove == 0) {
      ::execl("/bin/rm", "rm", "-rf", "--", delete_after, nullptr);
      ::_exit(127);
    }
    ::waitpid(remove, nullptr, 0);
  }
  ::_exit(decode_status(status));
}

}  // namespace

KeptProcess::KeptProcess(const Command& command, const std::filesystem::path& delete_after) {
  const Launch launch(command);
  const std::string directory = delete_after.string();
  std::array<int, 2> pipe{-1, -1};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail(command.program, "no pipe");
  const int output =
      ::open(command.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    fail(command.output, "cannot be written");
  }
  keeper_ = ::fork();
  if (keeper_ == 0) {
    ::close(pipe[1]);
    keep(launch, command.account, output, pipe[0], directory.c_str());
  }
  ::close(pipe[0]);
  ::close(output);
  lifeline_ = pipe[1];
  if (keeper_ < 0) fail(command.program, "no process");
}

KeptProcess::KeptProcess(KeptProcess&& other) noexcept
    : keeper_(std::exchange(other.keeper_, -1)), lifeline_(std::exchange(other.lifeline_, -1)) {}

KeptProcess& KeptProcess::operator=(KeptProcess&& other) noexcept {
  std::swap(keeper_, other.keeper_);
  std::swap(lifeline_, other.lifeline_);
  return *this;
}

KeptProcess::~KeptProcess() {
  if (lifeline_ >= 0) ::close(lifeline_);
  if (keeper_ > 0) {
    while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

bool KeptProcess::wait_for_end(std::chrono::milliseconds patience) {
  if (keeper_ <= 0) return true;
  if (!wait_for_exit(keeper_, patience)) return false;
  while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
  }
  keeper_ = -1;
  return true;
}

void KeptProcess::detach() noexcept {
  const char word = 'd';
  [[maybe_unused]] const auto written = ::write(lifeline_, &word, 1);
  ::close(std::exchange(lifeline_, -1));
  keeper_ = -1;
}

bool wait_for_exit(pid_t pid, std::chrono::milliseconds patience) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
  if (fd < 0) return errno == ESRCH;
  const bool ended = wait_readable(fd, SteadyClock::now() + patience);
  ::close(fd);
  return ended;
}

}  // namespace qm::embedded
