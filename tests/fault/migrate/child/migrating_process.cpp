// migrating_process URL SET VERSION: goes to a version, to be killed on the way. Waits for locks as
// long as it takes, so that a test can hold it where it wants.
#include <fmt/format.h>

#include <quartermaster/migrator.hpp>
#include <string>

#include "plugin_sets.hpp"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    qm::MigratorOptions options;
    options.lock_timeout = std::chrono::minutes{5};
    qm::Migrator(argv[1], qm::test::plugin_set(argv[2]))
        .to(static_cast<std::uint32_t>(std::stoul(argv[3])), options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
