#include "test_database.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <quartermaster/embedded.hpp>

namespace qm::test {
namespace {

// The server of this process, when CTest started none; ends with the process.
const embedded::Server& own_server() {
  static const embedded::Server server =
      embedded::Server::start({.settings = {{"max_connections", "200"}}});
  return server;
}

std::string find_server() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody writes the environment
  if (const char* given = std::getenv("QUARTERMASTER_TEST_SERVER"); given != nullptr) return given;
  std::ifstream file(QUARTERMASTER_TEST_SERVER_FILE);
  std::string data_dir;
  if (std::getline(file, data_dir)) {
    if (const auto server = embedded::Server::attach(data_dir)) return server->url();
  }
  return own_server().url();
}

std::string unique_name() {
  static std::atomic<int> counter{0};
  return fmt::format("qm_test_{}_{}_{}", ::getpid(), counter.fetch_add(1),
                     std::chrono::system_clock::now().time_since_epoch().count() % 1'000'000'000);
}

}  // namespace

std::string server_url() {
  static const std::string url = find_server();
  return url;
}

std::string database_url(const std::string& database) {
  return embedded::with_database(server_url(), database);
}

TestDatabase::TestDatabase() : name_(unique_name()) {
  embedded::create_database(server_url(), name_);
}

TestDatabase::TestDatabase(const std::string& key,
                           const std::function<void(const std::string& url)>& build)
    : name_(unique_name()) {
  embedded::create_database(server_url(), name_,
                            embedded::ensure_template(server_url(), key, build));
}

TestDatabase::~TestDatabase() {
  try {
    embedded::drop_database(server_url(), name_);
  } catch (const std::exception& error) {
    fmt::print(stderr, "dropping {}: {}\n", name_, error.what());
  }
}

}  // namespace qm::test
