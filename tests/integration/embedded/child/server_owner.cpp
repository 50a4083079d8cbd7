// server_owner DATA_DIR CACHE_DIR attached|detached: owns an embedded server, says where it is
// (url, postmaster, data directory, a line each) and ends when its standard input does. An empty
// directory means none, as in embedded::Options.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <quartermaster/embedded.hpp>
#include <string_view>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    const auto server =
        qm::embedded::Server::start({.data_dir = argv[1],
                                     .detached = std::string_view(argv[3]) == "detached",
                                     .cache_dir = argv[2]});
    fmt::print("{}\n{}\n{}\n", server.url(), server.pid(), server.data_dir().string());
    std::fflush(stdout);
    char ignored = 0;
    while (::read(STDIN_FILENO, &ignored, 1) > 0) {
    }
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 1;
  }
  return 0;
}
