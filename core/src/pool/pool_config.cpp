// The pool's part of the configuration, checked: every value in its range, every 0 replaced by
// what it stands for.
#include <fmt/format.h>

#include <algorithm>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <thread>

#include "pool/conninfo.hpp"

namespace qm {
namespace {

constexpr std::uint32_t most_conns = 65535;

std::uint32_t default_max_conns() {
  return std::min(2 * std::max(1U, std::thread::hardware_concurrency()) + 1, most_conns);
}

[[noreturn]] void refuse(const char* key, std::string expected, std::string found,
                         std::string hint = {}) {
  throw ConfigError(Report{.object = std::string("database.") + key,
                           .expected = std::move(expected),
                           .found = std::move(found),
                           .hint = std::move(hint)});
}

template <class Rep, class Period>
void require_positive(const char* key, std::chrono::duration<Rep, Period> value,
                      const char* hint = "") {
  if (value.count() <= 0) {
    refuse(key, "more than 0", fmt::format("{}", value.count()), hint);
  }
}

template <class Rep, class Period>
void require_not_negative(const char* key, std::chrono::duration<Rep, Period> value) {
  if (value.count() < 0) refuse(key, "0 or more", fmt::format("{}", value.count()));
}

void require_at_most_max(const char* key, std::uint32_t value, std::uint32_t max_conns) {
  if (value <= max_conns) return;
  refuse(key, fmt::format("at most max_conns, which is {}", max_conns), fmt::format("{}", value),
         "raise database.max_conns or lower this");
}

}  // namespace

PoolConfig pool_config(const DatabaseConfig& database) {
  PoolConfig config{.database = database};
  DatabaseConfig& checked = config.database;
  pool::Conninfo::parse(checked.url, {});
  if (checked.max_conns > most_conns) {
    refuse("max_conns", fmt::format("1 to {}, or 0 for 2 x CPUs + 1", most_conns),
           fmt::format("{}", checked.max_conns), "a server rarely allows more than a few hundred");
  }
  if (checked.max_conns == 0) checked.max_conns = default_max_conns();
  require_at_most_max("min_conns", checked.min_conns, checked.max_conns);
  require_at_most_max("min_idle_conns", checked.min_idle_conns, checked.max_conns);
  require_positive("max_conn_lifetime", checked.max_conn_lifetime);
  if (checked.max_conn_lifetime_jitter) {
    require_not_negative("max_conn_lifetime_jitter", *checked.max_conn_lifetime_jitter);
  }
  require_positive("max_conn_idle_time", checked.max_conn_idle_time);
  require_positive("health_check_period", checked.health_check_period);
  require_positive("connect_timeout", checked.connect_timeout);
  require_positive("acquire_timeout", checked.acquire_timeout);
  if (checked.query_timeout) {
    require_positive("query_timeout", *checked.query_timeout, "leave it out for no limit");
  }
  require_not_negative("liveness_check_after", checked.liveness_check_after);
  require_not_negative("overtake_bound", checked.overtake_bound);
  require_not_negative("leak_report_after", checked.leak_report_after);
  return config;
}

}  // namespace qm
