// The configuration: one table of keys (config/keys.cpp), read from a YAML file, the environment
// (QUARTERMASTER_DATABASE_MAX_CONNS) and command line flags, in rising precedence over defaults.
// Every value knows where it came from. Not for finding the file: the CLI decides which one to
// read.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <quartermaster/export.hpp>
#include <span>
#include <string>
#include <vector>

namespace qm {

struct DatabaseConfig {
  std::string url;              // required to connect
  std::string migration_url;    // empty: url
  std::uint32_t max_conns = 0;  // 0 = 2 x CPUs + 1
  std::uint32_t min_conns = 0;
  std::uint32_t min_idle_conns = 0;
  std::chrono::milliseconds max_conn_lifetime{std::chrono::hours{1}};
  std::optional<std::chrono::milliseconds> max_conn_lifetime_jitter;  // none = 10 % of lifetime
  std::chrono::milliseconds max_conn_idle_time{std::chrono::minutes{30}};
  std::chrono::milliseconds health_check_period{std::chrono::minutes{1}};
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};
  std::chrono::milliseconds acquire_timeout{std::chrono::seconds{30}};
  std::optional<std::chrono::milliseconds> query_timeout;  // none = unlimited
  std::chrono::milliseconds liveness_check_after{500};
  std::chrono::microseconds overtake_bound{1000};
  std::chrono::milliseconds leak_report_after{std::chrono::minutes{5}};  // 0 = off
  std::uint32_t statement_cache_capacity = 512;
  enum class SessionState : std::uint8_t {
    automatic,
    on,
    off
  } session_state = SessionState::automatic;
};

struct LogConfig {
  enum class Format : std::uint8_t { text, json } format = Format::text;
  enum class Level : std::uint8_t { debug, info, warning, error } level = Level::info;
  std::filesystem::path file;                           // empty = standard error
  std::chrono::milliseconds slow_query_threshold{100};  // 0 = off
};

struct HttpConfig {
  bool enabled = true;
  std::string address = "127.0.0.1";  // loopback address; others are refused
  std::uint16_t port = 9187;          // 0 = any free port
};

struct PluginConfig {
  std::vector<std::filesystem::path> directories;  // searched after the installed one
  std::vector<std::string> enabled;                // ids; empty = all but the opt-in ones
  bool use_default_directory = true;
};

struct EmbeddedConfig {
  std::filesystem::path data_dir;  // empty = per-user default
  std::filesystem::path bin_dir;   // empty = search
};

struct Config {
  DatabaseConfig database;
  LogConfig log;
  HttpConfig http;
  PluginConfig plugins;
  EmbeddedConfig embedded;
};

// One key's effective value, for `quartermaster config`. Secrets in `value` are blanked.
struct ConfigEntry {
  std::string key;    // "database.max_conns"
  std::string value;  // as it would be written in the file
  // "default", "quartermaster.yaml:3", "environment QUARTERMASTER_...", "flag --..."
  std::string origin;
  std::string description;
};

// One key as the table knows it: what the command line, help texts and generated files are made
// from.
struct ConfigKeyInfo {
  std::string key;           // "database.max_conns"
  std::string environment;   // "QUARTERMASTER_DATABASE_MAX_CONNS"
  std::string flag;          // "--database-max-conns"
  std::string type;          // "integer 0..65535", "duration 1ms..8760h", "text | json", ...
  std::string default_text;  // as it would be written in the file
  std::string description;
  bool secret = false;  // the value may hold a password: shown redacted
};

// Every key, by section, in the order of the structs above.
QM_API std::span<const ConfigKeyInfo> config_keys();

// In the environment and in flags a list is one text: directories separated by ":", ids by ",".
//
// Three variables with the prefix are not keys and are left to those who read them:
// QUARTERMASTER_CONFIG (the file's path, read by the CLI), QUARTERMASTER_PLUGIN_PATH (more plugin
// directories, read by discovery) and QUARTERMASTER_TEST_SERVER (the tests' server). Any other
// unknown QUARTERMASTER_* variable is an error, as a misspelt one would silently do nothing.
struct ConfigSources {
  std::optional<std::filesystem::path> file{};       // must exist when given
  std::map<std::string, std::string> environment{};  // names as in the environment; others ignored
  std::map<std::string, std::string> flags{};        // key ("database.max_conns") to value
};

class QM_API ConfigLoader {
 public:
  // Reads and checks all sources. Throws ConfigError naming file:line or variable or flag, the
  // key, what was expected and what was found.
  explicit ConfigLoader(const ConfigSources& sources);

  const Config& config() const noexcept { return config_; }
  const std::vector<ConfigEntry>& entries() const noexcept { return entries_; }

  // The process environment's QUARTERMASTER_* variables.
  static std::map<std::string, std::string> process_environment();

 private:
  Config config_;
  std::vector<ConfigEntry> entries_;
};

// A connection string with password, sslpassword and the like blanked, for messages: a URL stays a
// URL, key=value stays key=value. Text that libpq cannot read, or that it reads in a way that may
// put a part of a password elsewhere (an unencoded "@" or "/" in it), comes back as
// "(unreadable connection string)". Empty stays empty.
QM_API std::string redact_url(const std::string& url);

}  // namespace qm
