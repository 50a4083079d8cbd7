#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <deque>
#include <fstream>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>

#include "embedded/cluster.hpp"
#include "embedded/process.hpp"

namespace qm::embedded {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view default_port = "5432";
// sockaddr_un has room for 107 bytes; ports have up to five digits.
constexpr std::size_t longest_socket_dir = 107 - std::string_view("/.s.PGSQL.65535").size();

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// postmaster.pid as PostgreSQL writes it (miscadmin.h, "LOCK_FILE_LINE_*").
struct LockFile {
  pid_t pid = 0;
  std::string port;
  fs::path socket_dir;
};

std::optional<LockFile> read_lock_file(const fs::path& data_dir) {
  std::ifstream file(data_dir / "postmaster.pid");
  std::string pid;
  std::string ignored;
  std::string socket_dir;
  LockFile lock;
  if (!std::getline(file, pid)) return std::nullopt;
  for (int line = 2; line <= 3; ++line)
    std::getline(file, ignored);
  std::getline(file, lock.port);
  std::getline(file, socket_dir);
  lock.socket_dir = socket_dir;
  lock.pid = static_cast<pid_t>(std::strtol(pid.c_str(), nullptr, 10));
  return lock;
}

// A process of that number may be anybody's by now.
bool is_postmaster_of(pid_t pid, const fs::path& data_dir) {
  if (pid <= 0) return false;
  std::error_code error;
  const fs::path cwd = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
  if (!error) return fs::equivalent(cwd, data_dir, error);
  std::ifstream name(fmt::format("/proc/{}/comm", pid));
  std::string comm;
  std::getline(name, comm);
  return comm == "postgres";
}

// Of what was written since the log was opened.
std::string last_lines(std::ifstream& log, std::size_t count) {
  std::deque<std::string> lines;
  log.clear();
  for (std::string line; std::getline(log, line);) {
    lines.push_back(line);
    if (lines.size() > count) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines)
    text += (text.empty() ? "" : " | ") + line;
  return text;
}

Account account_of(const fs::path& data_dir) {
  struct stat info {};
  if (::geteuid() != 0 || ::stat(data_dir.c_str(), &info) != 0) return {};
  if (info.st_uid == 0) return {Account::Way::user_namespace, 0, 0};
  return {Account::Way::switch_user, info.st_uid, info.st_gid};
}

// Makes or checks the cluster; gives back the account it belongs to.
Account prepare_cluster(const fs::path& data_dir, const Binaries& binaries,
                        const Options& options) {
  switch (cluster_state(data_dir)) {
    case ClusterState::absent:
    case ClusterState::empty: {
      const Account account = account_for(data_dir);
      make_cluster(data_dir, binaries, account, options.cache_dir);
      return account;
    }
    case ClusterState::something_else:
      throw EmbeddedError({.object = data_dir.string(),
                           .expected = "a PostgreSQL data directory, an empty or a missing one",
                           .found = fs::is_directory(data_dir) ? "a directory with other files"
                                                               : "something that is no directory",
                           .hint = "choose another directory; nothing in it was touched"});
    case ClusterState::cluster:
      break;
  }
  if (const int major = cluster_major(data_dir); major != binaries.major) {
    throw EmbeddedError({.object = data_dir.string(),
                         .expected = fmt::format("a cluster of PostgreSQL {}", binaries.major),
                         .found = fmt::format("one of PostgreSQL {}", major),
                         .hint = fmt::format("set embedded.bin_dir to a PostgreSQL {}, or choose "
                                             "another directory",
                                             major)});
  }
  if (const auto lock = read_lock_file(data_dir)) {
    if (is_postmaster_of(lock->pid, data_dir)) {
      throw EmbeddedError({.object = data_dir.string(),
                           .expected = "no server running on it",
                           .found = fmt::format("the server with pid {}", lock->pid),
                           .hint = "stop it: quartermaster embedded stop"});
    }
    // PostgreSQL knows how to take over after a crash, and looks for processes that are left. Only
    // when the number is somebody else's by now does it have to be helped.
    if (::kill(lock->pid, 0) == 0 || errno == EPERM) fs::remove(data_dir / "postmaster.pid");
  }
  return account_of(data_dir);
}

std::vector<std::string> server_arguments(const fs::path& data_dir, const fs::path& socket_dir,
                                          bool ephemeral,
                                          const std::map<std::string, std::string>& settings) {
  std::map<std::string, std::string> all{{"listen_addresses", ""},
                                         {"port", std::string(default_port)},
                                         {"unix_socket_directories", socket_dir.string()},
                                         {"unix_socket_permissions", "0700"},
                                         {"logging_collector", "off"},
                                         {"log_destination", "stderr"},
                                         {"timezone", "UTC"},
                                         {"log_timezone", "UTC"}};
  if (ephemeral) {
    all.insert({{"fsync", "off"}, {"full_page_writes", "off"}, {"synchronous_commit", "off"}});
  }
  for (const auto& [name, value] : settings)
    all[name] = value;
  std::vector<std::string> arguments{"-D", data_dir.string()};
  for (const auto& [name, value] : all) {
    arguments.emplace_back("-c");
    arguments.push_back(fmt::format("{}={}", name, value));
  }
  return arguments;
}

}  // namespace

struct Server::State {
  fs::path base;  // of an ephemeral cluster: deleted at the end
  fs::path data_dir;
  fs::path socket_dir;
  fs::path own_socket_dir;  // made by us: deleted at the end
  std::string port{default_port};
  fs::path log;
  Binaries binaries;
  KeptProcess process;
  pid_t postmaster = 0;
  bool kept = true;  // the cluster stays when the server is gone
  bool detached = false;
  bool running = false;

  std::string url(const std::string& database) const {
    return fmt::format("postgresql:///{}?host={}&user=postgres{}", percent_encoded(database),
                       percent_encoded(socket_dir.string()),
                       port == default_port ? "" : "&port=" + port);
  }

  // `new_log` was opened before the server: it can be read after the keeper deleted the file.
  void wait_until_ready(std::chrono::milliseconds patience, std::ifstream& new_log) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const std::string target = url("postgres");
    const std::string hint = kept ? "the whole log is in " + log.string() : "";
    while (::PQping(target.c_str()) != PQPING_OK) {
      if (process.wait_for_end(2ms)) {
        throw EmbeddedError({.object = "postgres on " + data_dir.string(),
                             .problem = "the server ended at once: " + last_lines(new_log, 4),
                             .hint = hint});
      }
      if (std::chrono::steady_clock::now() > deadline) {
        throw EmbeddedError(
            {.object = "postgres on " + data_dir.string(),
             .expected = fmt::format("it to be ready within {} ms", patience.count()),
             .found = "it still starting: " + last_lines(new_log, 2),
             .hint = hint});
      }
    }
  }
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::Server(Server&&) noexcept = default;

Server& Server::operator=(Server&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Server::~Server() {
  if (state_ && !state_->detached) stop();
}

Server Server::start(const Options& options) {
  auto state = std::make_unique<State>();
  state->binaries = find_binaries(options.bin_dir);
  const bool ephemeral = options.data_dir.empty();
  std::optional<TemporaryDirectory> base;
  state->kept = !ephemeral;
  if (ephemeral) {
    base.emplace(true);
    state->data_dir = base->path() / "data";
    state->log = base->path() / "server.log";
  } else {
    state->data_dir = fs::absolute(options.data_dir).lexically_normal();
    if (!state->data_dir.has_filename()) state->data_dir = state->data_dir.parent_path();
  }
  if (!options.socket_dir.empty()) {
    state->socket_dir = fs::absolute(options.socket_dir);
    if (const std::size_t size = state->socket_dir.string().size(); size > longest_socket_dir) {
      throw EmbeddedError({.object = "socket directory " + state->socket_dir.string(),
                           .expected = fmt::format("at most {} bytes", longest_socket_dir),
                           .found = fmt::format("{} bytes", size),
                           .hint = "unix socket paths are short: choose one below /tmp or /run"});
    }
  }
  if (const auto port = options.settings.find("port"); port != options.settings.end()) {
    state->port = port->second;
  }
  const Account account = prepare_cluster(state->data_dir, state->binaries, options);
  if (!ephemeral) state->log = state->data_dir / "server.log";

  std::optional<TemporaryDirectory> short_dir;
  if (!options.socket_dir.empty()) {
    // One that is there belongs to others as well, like /tmp: it stays as it is.
    std::error_code error;
    if (!fs::exists(state->socket_dir, error)) make_private_directory(state->socket_dir, account);
  } else if (state->data_dir.string().size() <= longest_socket_dir) {
    state->socket_dir = state->data_dir;
  } else {
    short_dir.emplace(false);
    state->socket_dir = short_dir->path();
    make_private_directory(state->socket_dir, account);
  }

  // Made here already, so that it can be opened here; like the data for its owner only.
  if (const int fd = ::open(state->log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600); fd >= 0) {
    ::close(fd);
  }
  std::ifstream new_log(state->log);
  new_log.seekg(0, std::ios::end);
  const fs::path delete_after = ephemeral   ? base->path()
                                : short_dir ? short_dir->path()
                                            : fs::path();
  state->process = KeptProcess({.program = state->binaries.dir / "postgres",
                                .arguments = server_arguments(state->data_dir, state->socket_dir,
                                                              ephemeral, options.settings),
                                .account = account,
                                .output = state->log},
                               delete_after);
  state->wait_until_ready(options.start_timeout, new_log);
  state->running = true;
  if (const auto lock = read_lock_file(state->data_dir)) state->postmaster = lock->pid;
  if (base) state->base = base->keep();
  if (short_dir) state->own_socket_dir = short_dir->keep();
  if (options.detached) {
    state->process.detach();
    state->detached = true;
  }
  return Server(std::move(state));
}

std::optional<Server> Server::attach(const fs::path& data_dir) {
  const fs::path absolute = fs::absolute(data_dir).lexically_normal();
  const auto lock = read_lock_file(absolute);
  if (!lock || !is_postmaster_of(lock->pid, absolute)) return std::nullopt;
  auto state = std::make_unique<State>();
  state->data_dir = absolute;
  state->socket_dir = lock->socket_dir;
  state->port = lock->port;
  state->log = absolute / "server.log";
  state->postmaster = lock->pid;
  state->binaries.major = cluster_major(absolute);
  std::error_code error;
  state->binaries.dir =
      fs::read_symlink(fmt::format("/proc/{}/exe", lock->pid), error).parent_path();
  state->detached = true;
  state->running = true;
  return Server(std::move(state));
}

std::string Server::url(const std::string& database) const {
  return state_->url(database);
}
const fs::path& Server::socket_dir() const noexcept {
  return state_->socket_dir;
}
const fs::path& Server::data_dir() const noexcept {
  return state_->data_dir;
}
const fs::path& Server::bin_dir() const noexcept {
  return state_->binaries.dir;
}
fs::path Server::log_file() const {
  return state_->log;
}
pid_t Server::pid() const noexcept {
  return state_->postmaster;
}
int Server::major() const noexcept {
  return state_->binaries.major;
}

void Server::stop(std::chrono::milliseconds patience) noexcept {
  if (!state_ || !state_->running) return;
  State& state = *state_;
  state.running = false;
  try {
    const auto ended = [&](std::chrono::milliseconds wait) {
      return state.process.running() ? state.process.wait_for_end(wait)
                                     : wait_for_exit(state.postmaster, wait);
    };
    // PostgreSQL's fast shutdown, then immediate, then no more asking.
    for (const auto& [signal, wait] :
         {std::pair{SIGINT, patience}, {SIGQUIT, 5000ms}, {SIGKILL, 5000ms}}) {
      // It may have ended by itself, and its number be somebody else's by now.
      if (!is_postmaster_of(state.postmaster, state.data_dir)) break;
      ::kill(state.postmaster, signal);
      if (ended(wait)) break;
    }
  } catch (const std::exception&) {
    ::kill(state.postmaster, SIGKILL);
  }
  std::error_code error;
  if (!state.base.empty()) fs::remove_all(state.base, error);
  if (!state.own_socket_dir.empty()) fs::remove_all(state.own_socket_dir, error);
}

}  // namespace qm::embedded
