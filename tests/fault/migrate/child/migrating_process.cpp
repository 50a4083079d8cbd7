// migrating_process URL SET VERSION [REPORTS]: goes to a version, to be killed on the way. Waits
// for locks as long as it takes, so that a test can hold it where it wants; or kills itself when it
// gets this report of progress: 1 is before the first statement, then one after each, and one after
// the commit.
#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include <quartermaster/migrator.hpp>
#include <string>

#include "plugin_sets.hpp"

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) return 2;
  try {
    qm::MigratorOptions options;
    options.lock_timeout = std::chrono::minutes{5};
    std::size_t reports = argc == 5 ? std::stoul(argv[4]) : 0;
    options.progress = [&](const qm::MigrationProgress&) {
      if (reports > 0 && --reports == 0) ::kill(::getpid(), SIGKILL);
    };
    qm::Migrator(argv[1], qm::test::plugin_set(argv[2]))
        .to(static_cast<std::uint32_t>(std::stoul(argv[3])), options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
