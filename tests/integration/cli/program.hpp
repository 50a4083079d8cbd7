// Runs the built `quartermaster` as a child process, in a directory of its own and without the
// QUARTERMASTER_* variables of whoever runs the tests.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

namespace qm::test {

struct Outcome {
  int exit_code = -1;  // 128 + n when signal n ended it
  std::string out;
  std::string err;
};

class Program {
 public:
  enum class Output { captured, closed, full_disk };

  struct Settings {
    std::map<std::string, std::string> environment{};
    Output output = Output::captured;
  };

  explicit Program(std::vector<std::string> arguments, const Settings& settings);
  explicit Program(std::vector<std::string> arguments)
      : Program(std::move(arguments), Settings{}) {}
  ~Program();  // kills it when it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Reads until standard output has that text; false when it ended before.
  bool wait_for_output(const std::string& text);
  const std::string& output() const { return outcome_.out; }  // so far
  void send(int signal) const;
  // What it prints until its end, which has to come within two minutes.
  Outcome finish();

 private:
  bool read_some();  // false at the end of both streams

  ScratchDirectory directory_;
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  Outcome outcome_;
};

// From start to end.
Outcome run(std::vector<std::string> arguments, const Program::Settings& settings = {});

}  // namespace qm::test
