// A PostgreSQL server of our own, for the demo, development and tests: finds the server binaries,
// makes a cluster, runs it on a unix socket below an unprivileged account, and leaves nothing
// behind, also when this process is killed. Not for production databases.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <quartermaster/export.hpp>
#include <string>
#include <vector>

namespace qm::embedded {

// Where the server programs are.
struct Binaries {
  std::filesystem::path dir;  // has postgres and initdb
  int major = 0;              // 15
  std::string version;        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
};

// Looks in `configured` alone when given, else in `pg_config --bindir`,
// /usr/lib/postgresql/*/bin (newest first) and PATH. Throws EmbeddedError saying where it looked.
QM_API Binaries find_binaries(const std::optional<std::filesystem::path>& configured = {});

struct Options {
  // Empty: an ephemeral cluster in memory (/dev/shm) or the temporary directory, deleted at the
  // end, with durability off. Else a cluster that is kept; made when the directory is missing or
  // empty.
  std::filesystem::path data_dir{};
  std::optional<std::filesystem::path> bin_dir{};
  // Directory for the socket; empty: a private one that is short enough. At most 92 bytes.
  // Made, for the server alone, when it is missing; left as it is when it is there.
  std::filesystem::path socket_dir{};
  // Keeps running when this process ends; see attach() and stop_detached().
  bool detached = false;
  std::map<std::string, std::string> settings{};  // postgresql.conf names and values
  // Pristine clusters are kept here to save initdb's second; empty: ~/.cache/quartermaster.
  std::filesystem::path cache_dir{};
  std::chrono::milliseconds start_timeout{std::chrono::seconds{30}};
};

// A running server. Stops it on destruction unless detached. Not thread-safe.
class QM_API Server {
 public:
  // Throws EmbeddedError: no binaries, a data directory that is of another major version, not a
  // cluster, not accessible or in use, a socket path that is too long, a server that ends at once
  // (with the last lines of its log), a start that takes too long.
  static Server start(const Options& options = {});
  // The detached server of this data directory, if it runs.
  static std::optional<Server> attach(const std::filesystem::path& data_dir);

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  // "postgresql:///app?host=%2Frun...&user=postgres".
  std::string url(const std::string& database = "postgres") const;
  const std::filesystem::path& socket_dir() const noexcept;
  const std::filesystem::path& data_dir() const noexcept;
  const std::filesystem::path& bin_dir() const noexcept;
  std::filesystem::path log_file() const;
  pid_t pid() const noexcept;  // the postmaster
  int major() const noexcept;

  // Disconnects clients and stops (fast shutdown); harder means follow after `patience`. Also the
  // way to stop a detached server. Idempotent.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds{10}) noexcept;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A database "qm_template_<key>", built once per server by `build`, which gets its url: a lock
// lets one caller build while others wait. Gives back its name. `server_url` is any database's.
QM_API std::string ensure_template(const std::string& server_url, const std::string& key,
                                   const std::function<void(const std::string& url)>& build);

// Creates and drops databases. Names are quoted. Copying waits while the source is being copied by
// others. `source` empty: PostgreSQL's own template1.
QM_API void create_database(const std::string& server_url, const std::string& name,
                            const std::string& source = {});
QM_API void drop_database(const std::string& server_url, const std::string& name);  // WITH (FORCE)

// The same url with another database name.
QM_API std::string with_database(const std::string& url, const std::string& database);

}  // namespace qm::embedded
