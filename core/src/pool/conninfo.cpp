// See conninfo.hpp.
#include "pool/conninfo.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <quartermaster/error.hpp>
#include <string_view>

namespace qm::pool {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

// The known keyword that a misspelt one most likely stands for.
std::string nearest_keyword(std::string_view word) {
  const Options known(PQconndefaults());
  std::string nearest;
  std::size_t best = 3;
  for (const PQconninfoOption* option = known.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    const std::size_t distance = edit_distance(word, option->keyword);
    if (distance < best) {
      best = distance;
      nearest = option->keyword;
    }
  }
  return nearest;
}

// libpq quotes the piece that it could not read, and that piece may belong to a password. What is
// quoted is shown only when it is nearly a keyword.
Report unreadable(std::string_view reason) {
  Report report{.object = "database.url"};
  std::string shown;
  // Quotation marks that are libpq's own.
  for (const std::string_view opening :
       {"missing \"=\" after ", "missing key/value separator \"=\" in URI query parameter: ",
        "extra key/value separator \"=\" in URI query parameter: "}) {
    if (!reason.starts_with(opening)) continue;
    shown = opening;
    reason.remove_prefix(opening.size());
  }
  while (!reason.empty()) {
    const auto open = reason.find('"');
    const auto close = open == std::string_view::npos ? std::string_view::npos : reason.rfind('"');
    shown += reason.substr(0, open);
    if (open == std::string_view::npos) break;
    // Up to the last quotation mark: the quoted piece itself may contain one.
    const auto word = close > open ? reason.substr(open + 1, close - open - 1) : std::string_view{};
    const std::string nearest = word.size() > 2 ? nearest_keyword(word) : std::string{};
    if (!nearest.empty()) {
      shown += '"' + std::string(word) + '"';
      if (nearest != word) report.hint = "did you mean " + nearest;
    } else {
      shown += "\"...\"";
    }
    reason = close > open ? reason.substr(close + 1) : std::string_view{};
  }
  while (!shown.empty() && shown.back() == '\n')
    shown.pop_back();
  report.problem = "not a connection string: " + shown;
  return report;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const auto comma = list.find(',', begin);
    parts.push_back(list.substr(begin, comma - begin));
    if (comma == std::string::npos) return parts;
    begin = comma + 1;
  }
}

// One set of parameters for each host; lists of unequal length stay as they are, for libpq to
// complain about.
std::vector<ConnectParams> split_hosts(const ConnectParams& all) {
  const auto hosts = split(all.get("host"));
  const auto addresses = split(all.get("hostaddr"));
  const auto ports = split(all.get("port"));
  const std::size_t count = std::max(hosts.size(), addresses.size());
  const auto fits = [&](const std::vector<std::string>& list, bool may_be_one) {
    return list.size() == count || (list.size() == 1 && (may_be_one || list[0].empty()));
  };
  if (count == 1 || !fits(hosts, false) || !fits(addresses, false) || !fits(ports, true)) {
    return {all};
  }
  const auto at = [](const std::vector<std::string>& list, std::size_t index) {
    return list.size() == 1 ? list[0] : list[index];
  };
  std::vector<ConnectParams> attempts;
  for (std::size_t i = 0; i < count; ++i) {
    ConnectParams one = all;
    one.set("host", at(hosts, i));
    one.set("hostaddr", at(addresses, i));
    one.set("port", at(ports, i));
    attempts.push_back(std::move(one));
  }
  // libpq's two rounds, one host at a time.
  if (all.get("target_session_attrs") == "prefer-standby") {
    auto any = attempts;
    for (auto& attempt : attempts)
      attempt.set("target_session_attrs", "standby");
    for (auto& attempt : any)
      attempt.set("target_session_attrs", "any");
    attempts.insert(attempts.end(), any.begin(), any.end());
  }
  return attempts;
}

}  // namespace

void ConnectParams::set(const std::string& keyword, std::string value) {
  for (auto& [name, current] : entries_) {
    if (name == keyword) {
      current = std::move(value);
      return;
    }
  }
  entries_.emplace_back(keyword, std::move(value));
}

void ConnectParams::set_default(const std::string& keyword, std::string value) {
  if (get(keyword).empty()) set(keyword, std::move(value));
}

std::string ConnectParams::get(const std::string& keyword) const {
  for (const auto& [name, value] : entries_) {
    if (name == keyword) return value;
  }
  return {};
}

std::vector<const char*> ConnectParams::keywords() const {
  std::vector<const char*> result;
  for (const auto& entry : entries_)
    result.push_back(entry.first.c_str());
  result.push_back(nullptr);
  return result;
}

std::vector<const char*> ConnectParams::values() const {
  std::vector<const char*> result;
  for (const auto& entry : entries_)
    result.push_back(entry.second.c_str());
  result.push_back(nullptr);
  return result;
}

Conninfo Conninfo::parse(const std::string& url, const std::string& application_name) {
  if (url.empty()) {
    throw ConfigError(Report{.object = "database.url",
                             .expected = "a connection string",
                             .found = "none",
                             .hint = "for example postgresql://user@host/database"});
  }
  char* reason = nullptr;
  const Options options(PQconninfoParse(url.c_str(), &reason));
  const std::unique_ptr<char, decltype(&PQfreemem)> owned(reason, &PQfreemem);
  if (!options) {
    throw ConfigError(unreadable(reason != nullptr ? reason : "out of memory"));
  }

  Conninfo info;
  ConnectParams all;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) all.set(option->keyword, option->val);
  }
  // The codecs read and write UTF-8, whatever the url or PGCLIENTENCODING says.
  all.set("client_encoding", "UTF8");
  all.set_default("fallback_application_name", application_name);
  // Without these a peer that vanished is noticed after two hours, or never while data is unsent.
  // libpq ignores them for Unix sockets.
  all.set_default("keepalives_idle", "60");
  all.set_default("keepalives_interval", "10");
  all.set_default("keepalives_count", "3");
  all.set_default("tcp_user_timeout", "30000");

  const std::string timeout = all.get("connect_timeout");
  int seconds = 0;
  if (std::from_chars(timeout.data(), timeout.data() + timeout.size(), seconds).ec == std::errc{} &&
      seconds > 0) {
    info.attempt_timeout = std::chrono::seconds(seconds);
  }
  info.attempts = split_hosts(all);
  return info;
}

}  // namespace qm::pool
