#include "cli/embedded_database.hpp"

#include <cstdlib>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>

#include "embedded/cluster.hpp"

namespace qm::cli {
namespace {

namespace fs = std::filesystem;

fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes it
  return value == nullptr ? fs::path() : fs::path(value);
}

}  // namespace

fs::path data_directory(Context& context, const std::string& asked, const std::string& name) {
  if (!asked.empty()) return asked;
  if (const fs::path& configured = context.config().embedded.data_dir; !configured.empty()) {
    return configured;
  }
  // Relative paths are to be ignored (XDG Base Directory Specification).
  if (const fs::path data = environment_path("XDG_DATA_HOME"); data.is_absolute()) {
    return data / "quartermaster" / name;
  }
  if (const fs::path home = environment_path("HOME"); home.is_absolute()) {
    return home / ".local" / "share" / "quartermaster" / name;
  }
  throw ConfigError({.object = "data directory",
                     .problem = "none was given, and HOME is not set",
                     .hint = "use --data-dir"});
}

RunningServer attach_or_start(Context& context, const fs::path& data_dir, bool detached) {
  if (auto server = embedded::Server::attach(data_dir)) return {std::move(*server), true};
  embedded::Options options{.data_dir = data_dir, .detached = detached};
  if (const fs::path& bin_dir = context.config().embedded.bin_dir; !bin_dir.empty()) {
    options.bin_dir = bin_dir;
  }
  return {embedded::Server::start(options), false};
}

std::string ensure_database(const embedded::Server& server, const std::string& name) {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  const auto connection = Connection::open({.url = server.url()}, deadline);
  const char* value = name.c_str();
  const int length = static_cast<int>(name.size());
  const int format = 0;
  const Oid type = 0;
  const ParamView params{{&value, 1}, {&length, 1}, {&format, 1}, {&type, 1}};
  if (connection->execute("select from pg_catalog.pg_database where datname = $1", params)
          .empty()) {
    embedded::create_database(server.url(), name);
  }
  return server.url(name);
}

void delete_cluster(const fs::path& data_dir) {
  using embedded::ClusterState;
  const ClusterState state = embedded::cluster_state(data_dir);
  if (state == ClusterState::something_else) {
    throw ConfigError({.object = data_dir.string(),
                       .expected = "a PostgreSQL data directory, an empty or a missing one",
                       .found = fs::is_directory(data_dir) ? "a directory with other files"
                                                           : "something that is no directory",
                       .hint = "choose another directory; nothing in it was touched"});
  }
  if (state != ClusterState::cluster) return;
  if (auto server = embedded::Server::attach(data_dir)) server->stop();
  fs::remove_all(data_dir);
}

}  // namespace qm::cli
