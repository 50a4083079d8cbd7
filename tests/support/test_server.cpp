// test_server start|stop FILE: the server of a whole CTest run, in memory and without durability.
// FILE remembers its data directory; a server that an earlier, killed run left is replaced.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <quartermaster/embedded.hpp>
#include <string>
#include <string_view>

#include "embedded/cluster.hpp"

namespace {

namespace fs = std::filesystem;

void stop(const fs::path& file) {
  std::string data_dir;
  {
    std::ifstream in(file);
    if (!std::getline(in, data_dir)) return;
  }
  if (auto server = qm::embedded::Server::attach(data_dir)) server->stop();
  fs::remove_all(fs::path(data_dir).parent_path());
  fs::remove(file);
}

void start(const fs::path& file) {
  stop(file);
  qm::embedded::TemporaryDirectory base(true);
  const fs::path data_dir = base.path() / "data";
  qm::embedded::Server::start({.data_dir = data_dir,
                               .detached = true,
                               .settings = {{"fsync", "off"},
                                            {"full_page_writes", "off"},
                                            {"synchronous_commit", "off"},
                                            {"max_connections", "300"}}});
  base.keep();
  std::ofstream(file) << data_dir.string() << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view action = argc == 3 ? argv[1] : "";
  try {
    if (action == "start") {
      start(argv[2]);
    } else if (action == "stop") {
      stop(argv[2]);
    } else {
      fmt::print(stderr, "usage: test_server start|stop FILE\n");
      return 2;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "test_server: {}\n", error.what());
    return 1;
  }
  return 0;
}
