#include "program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>

namespace qm::test {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::string> environment_of(const Program::Settings& settings) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    const std::string name = variable.substr(0, variable.find('='));
    if (name.rfind("QUARTERMASTER_", 0) == 0 || settings.environment.count(name) != 0) continue;
    variables.push_back(variable);
  }
  for (const auto& [name, value] : settings.environment)
    variables.push_back(fmt::format("{}={}", name, value));
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (std::string& word : words)
    list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

// Only async-signal-safe calls: a test may have threads.
[[noreturn]] void become(const char* directory, char** arguments, char** variables, int out,
                         int err, Program::Output output) {
  ::dup2(err, STDERR_FILENO);
  if (output == Program::Output::closed) {
    ::close(STDOUT_FILENO);
  } else if (output == Program::Output::full_disk) {
    ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
  } else {
    ::dup2(out, STDOUT_FILENO);
  }
  if (::chdir(directory) == 0) ::execve(QUARTERMASTER_PROGRAM, arguments, variables);
  ::_exit(127);
}

}  // namespace

Program::Program(std::vector<std::string> arguments, const Settings& settings) {
  arguments.insert(arguments.begin(), QUARTERMASTER_PROGRAM);
  std::vector<std::string> variables = environment_of(settings);
  std::vector<char*> argument_list = pointers(arguments);
  std::vector<char*> variable_list = pointers(variables);
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    become(directory_.path().c_str(), argument_list.data(), variable_list.data(), out[1], err[1],
           settings.output);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

bool Program::read_some() {
  std::array<pollfd, 2> streams{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  std::array<std::string*, 2> texts{&outcome_.out, &outcome_.err};
  if (::poll(streams.data(), streams.size(), 120'000) == 0) {
    ::kill(pid_, SIGKILL);
    outcome_.err += "\n(killed by the test: it went silent for two minutes)";
    return false;
  }
  bool open = false;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (streams.at(i).revents == 0) continue;
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(streams.at(i).fd, buffer.data(), buffer.size());
    if (count > 0) texts.at(i)->append(buffer.data(), static_cast<std::size_t>(count));
    open = open || count > 0;
    // poll() passes over negative descriptors.
    if (count > 0) continue;
    int& stream = i == 0 ? out_ : err_;
    ::close(stream);
    stream = -1;
  }
  return open || out_ >= 0 || err_ >= 0;
}

bool Program::wait_for_output(const std::string& text) {
  while (outcome_.out.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

void Program::send(int signal) const {
  ::kill(pid_, signal);
}

Outcome Program::finish() {
  while (read_some()) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome_;
}

Outcome run(std::vector<std::string> arguments, const Program::Settings& settings) {
  return Program(std::move(arguments), settings).finish();
}

}  // namespace qm::test
