// A connection string, parsed and completed: what libpq is given for each host that is tried. Not
// for blanking secrets in messages (qm::redact_url).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qm::pool {

// The keywords of one attempt, as PQconnectStartParams takes them.
class ConnectParams {
 public:
  void set(const std::string& keyword, std::string value);
  void set_default(const std::string& keyword, std::string value);
  std::string get(const std::string& keyword) const;  // "" when not set

  // Null-terminated, valid as long as this object is not changed.
  std::vector<const char*> keywords() const;
  std::vector<const char*> values() const;

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

struct Conninfo {
  // One for each host that the string lists, in its order. libpq would go through the list by
  // itself, but then a first host that never answers eats the whole time: only its blocking
  // functions have a time limit for each host.
  std::vector<ConnectParams> attempts;
  // The string's own connect_timeout, for each host.
  std::optional<std::chrono::seconds> attempt_timeout;

  // Throws ConfigError with libpq's reason, in which nothing is quoted that may be a secret.
  static Conninfo parse(const std::string& url, const std::string& application_name);
};

}  // namespace qm::pool
